#include "tests/cases/case.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string_view>
#include <utility>

namespace civlog {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const toml::node& node, std::string_view message) {
  const toml::source_region& source = node.source();
  std::cerr << (source.path ? *source.path : "") << ':' << source.begin.line << ':'
            << source.begin.column << ": " << message << '\n';
  std::exit(EXIT_FAILURE);
}

template <typename T>
T As(const toml::node& node) {
  const std::optional<T> value = node.value_exact<T>();
  if (!value) Fail(node, "a value of another type is wanted here");
  return *value;
}

template <typename Number>
Number AsNumber(const toml::node& node) {
  return static_cast<Number>(As<int64_t>(node));
}

const toml::table& AsTable(const toml::node& node) {
  if (!node.is_table()) Fail(node, "a table is wanted here");
  return *node.as_table();
}

const toml::array& AsArray(const toml::node& node) {
  if (!node.is_array()) Fail(node, "an array is wanted here");
  return *node.as_array();
}

// A string, or an array of them.
std::vector<std::string> AsStrings(const toml::node& node) {
  if (node.is_string()) return {As<std::string>(node)};
  std::vector<std::string> strings;
  for (const toml::node& entry : AsArray(node)) strings.push_back(As<std::string>(entry));
  return strings;
}

std::vector<std::vector<std::string>> AsStringLists(const toml::node& node) {
  std::vector<std::vector<std::string>> lists;
  for (const toml::node& entry : AsArray(node)) lists.push_back(AsStrings(entry));
  return lists;
}

nlohmann::json AsJson(const toml::node& node) {
  if (node.is_boolean()) return As<bool>(node);
  if (node.is_integer()) return As<int64_t>(node);
  if (node.is_floating_point()) return As<double>(node);
  return As<std::string>(node);
}

std::vector<std::pair<std::string, nlohmann::json>> AsPointers(const toml::node& node) {
  std::vector<std::pair<std::string, nlohmann::json>> pointers;
  for (const auto& [pointer, value] : AsTable(node)) {
    pointers.emplace_back(std::string(pointer.str()), AsJson(value));
  }
  return pointers;
}

// What each key of a table does to the thing that the table describes.
template <typename T>
using Keys = std::map<std::string_view, std::function<void(T&, const toml::node&)>>;

template <typename T>
T Read(const toml::node& node, const Keys<T>& keys) {
  T thing;
  for (const auto& [key, value] : AsTable(node)) {
    const auto entry = keys.find(key.str());
    if (entry == keys.end()) Fail(value, "no such key: " + std::string(key.str()));
    entry->second(thing, value);
  }
  return thing;
}

char EscapedByte(const toml::node& node, std::string_view text, size_t* at) {
  const char kind = *at < text.size() ? text[(*at)++] : '\0';
  switch (kind) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '\\':
      return '\\';
    case 'x':
      break;
    default:
      Fail(node, "escapes are \\n, \\r, \\t, \\\\ and \\xNN");
  }
  unsigned value = 0;
  const std::string_view digits = text.substr(*at, 2);
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || parsed.ptr != digits.data() + 2) Fail(node, "\\x wants two digits");
  *at += 2;
  return static_cast<char>(value);
}

// Text with \xNN and the like, for bytes that are no UTF-8.
std::string Unescaped(const toml::node& node) {
  const std::string text = As<std::string>(node);
  std::string bytes;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at++];
    bytes.push_back(c == '\\' ? EscapedByte(node, text, &at) : c);
  }
  return bytes;
}

std::string FileBytes(const toml::node& node) {
  const fs::path path = fs::path(CIVLOG_SOURCE_DIR) / As<std::string>(node);
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail(node, "there is no file " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

Content AsContent(const toml::node& node);

const Keys<Content>& ContentKeys() {
  static const Keys<Content>* const keys = new Keys<Content>{
      {"text", [](Content& c, const toml::node& n) { c.bytes += As<std::string>(n); }},
      {"bytes", [](Content& c, const toml::node& n) { c.bytes += Unescaped(n); }},
      {"from", [](Content& c, const toml::node& n) { c.bytes += FileBytes(n); }},
      {"parts",
       [](Content& c, const toml::node& n) {
         for (const toml::node& part : AsArray(n)) c.parts.push_back(AsContent(part));
       }},
      {"crlf", [](Content& c, const toml::node& n) { c.crlf = As<bool>(n); }},
      {"skip", [](Content& c, const toml::node& n) { c.skip = AsNumber<size_t>(n); }},
      {"times", [](Content& c, const toml::node& n) { c.times = AsNumber<uint64_t>(n); }},
      {"gzip", [](Content& c, const toml::node& n) { c.gzip = As<bool>(n); }},
      {"keep", [](Content& c, const toml::node& n) { c.keep = AsNumber<size_t>(n); }},
      {"cut", [](Content& c, const toml::node& n) { c.cut = AsNumber<size_t>(n); }},
  };
  return *keys;
}

Content AsContent(const toml::node& node) {
  if (node.is_string()) {
    Content content;
    content.bytes = As<std::string>(node);
    return content;
  }
  return Read<Content>(node, ContentKeys());
}

CaseFile AsCaseFile(const toml::node& node) {
  Keys<CaseFile> keys{
      {"path", [](CaseFile& f, const toml::node& n) { f.path = As<std::string>(n); }},
      {"fifo", [](CaseFile& f, const toml::node& n) { f.fifo = As<bool>(n); }},
      {"mode", [](CaseFile& f, const toml::node& n) { f.mode = AsNumber<int>(n); }},
  };
  for (const auto& [key, read] : ContentKeys()) {
    keys[key] = [&read = read](CaseFile& f, const toml::node& n) { read(f.content, n); };
  }
  CaseFile file = Read<CaseFile>(node, keys);
  if (file.path.empty()) Fail(node, "a file needs a path");
  if (file.fifo && file.content.bytes.empty() && file.content.parts.empty())
    Fail(node, "a fifo needs content");
  return file;
}

std::vector<CaseFile> AsCaseFiles(const toml::node& node) {
  std::vector<CaseFile> files;
  for (const toml::node& entry : AsArray(node)) files.push_back(AsCaseFile(entry));
  return files;
}

std::vector<WrittenFile> AsWrittenFiles(const toml::node& node) {
  static const Keys<WrittenFile>* const keys = new Keys<WrittenFile>{
      {"path", [](WrittenFile& f, const toml::node& n) { f.path = As<std::string>(n); }},
      {"contains", [](WrittenFile& f, const toml::node& n) { f.contains = AsStrings(n); }},
  };
  std::vector<WrittenFile> files;
  for (const toml::node& entry : AsArray(node)) files.push_back(Read<WrittenFile>(entry, *keys));
  return files;
}

std::map<std::string, std::string> AsEnvironment(const toml::node& node) {
  std::map<std::string, std::string> environment;
  for (const auto& [name, value] : AsTable(node)) {
    environment.emplace(std::string(name.str()), As<std::string>(value));
  }
  return environment;
}

std::string AsStdoutTo(const toml::node& node) {
  std::string to = As<std::string>(node);
  if (to != "capture" && to != "closed" && to != "full") Fail(node, "capture, closed or full");
  return to;
}

const Keys<Case>& CaseKeys() {
  using Node = const toml::node&;
  static const Keys<Case>* const keys = new Keys<Case>{
      {"name", [](Case& c, Node n) { c.name = As<std::string>(n); }},
      {"args", [](Case& c, Node n) { c.args = AsStrings(n); }},
      {"before", [](Case& c, Node n) { c.before = AsStringLists(n); }},
      {"same_output", [](Case& c, Node n) { c.same_output = AsStringLists(n); }},
      {"env", [](Case& c, Node n) { c.env = AsEnvironment(n); }},
      {"files", [](Case& c, Node n) { c.files = AsCaseFiles(n); }},
      {"stdin", [](Case& c, Node n) { c.stdin_content = AsContent(n); }},
      {"interrupt", [](Case& c, Node n) { c.interrupt = As<bool>(n); }},
      {"stdout_to", [](Case& c, Node n) { c.stdout_to = AsStdoutTo(n); }},
      {"timeout_s", [](Case& c, Node n) { c.timeout_s = AsNumber<int>(n); }},
      {"exit", [](Case& c, Node n) { c.exit = AsNumber<int>(n); }},
      {"stdout", [](Case& c, Node n) { c.stdout_is = As<std::string>(n); }},
      {"stdout_contains", [](Case& c, Node n) { c.stdout_contains = AsStrings(n); }},
      {"stdout_lacks", [](Case& c, Node n) { c.stdout_lacks = AsStrings(n); }},
      {"stdout_printable", [](Case& c, Node n) { c.stdout_printable = As<bool>(n); }},
      {"stderr", [](Case& c, Node n) { c.stderr_is = As<std::string>(n); }},
      {"stderr_contains", [](Case& c, Node n) { c.stderr_contains = AsStrings(n); }},
      {"stderr_lacks", [](Case& c, Node n) { c.stderr_lacks = AsStrings(n); }},
      {"json_lines", [](Case& c, Node n) { c.json_lines = As<bool>(n); }},
      {"json", [](Case& c, Node n) { c.json = AsPointers(n); }},
      {"json_min", [](Case& c, Node n) { c.json_min = AsPointers(n); }},
      {"json_size", [](Case& c, Node n) { c.json_size = AsPointers(n); }},
      {"json_null", [](Case& c, Node n) { c.json_null = AsStrings(n); }},
      {"json_sums", [](Case& c, Node n) { c.json_sums = AsStringLists(n); }},
      {"written", [](Case& c, Node n) { c.written = AsWrittenFiles(n); }},
      {"absent", [](Case& c, Node n) { c.absent = AsStrings(n); }},
      {"max_memory_mb", [](Case& c, Node n) { c.max_memory_mb = AsNumber<long>(n); }},
  };
  return *keys;
}

void LoadFile(const fs::path& path, std::vector<Case>& cases) {
  toml::table document;
  try {
    document = toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    std::cerr << error << '\n';
    std::exit(EXIT_FAILURE);
  }
  for (const auto& [key, list] : document) {
    if (key.str() != "case") Fail(list, "a case file holds [[case]] tables only");
    for (const toml::node& entry : AsArray(list)) {
      Case parsed = Read<Case>(entry, CaseKeys());
      if (parsed.name.empty()) Fail(entry, "a case needs a name");
      parsed.file = path.stem().string();
      cases.push_back(std::move(parsed));
    }
  }
}

}  // namespace

std::vector<Case> LoadCases(const std::string& folder) {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const fs::path& path : paths) LoadFile(path, cases);
  return cases;
}

}  // namespace civlog
