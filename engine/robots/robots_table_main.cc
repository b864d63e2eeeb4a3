// Writes the robots list as a C++ table: one {"pattern", "first tag"} a line.
//
//   civlog_robots_table crawler-user-agents-1.60.0.json > robots_table.inc

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: civlog_robots_table crawler-user-agents.json\n", stderr);
    return 2;
  }
  std::ifstream in(argv[1]);
  const nlohmann::json list = nlohmann::json::parse(in, nullptr, false);
  if (!list.is_array() || list.empty()) {
    std::fprintf(stderr, "%s: is no robots list\n", argv[1]);
    return 1;
  }
  for (const nlohmann::json& entry : list) {
    const nlohmann::json& tags = entry.at("tags");
    const std::string tag = tags.empty() ? std::string() : tags.at(0).get<std::string>();
    std::printf("{%s, %s},\n", Quoted(entry.at("pattern").get<std::string>()).c_str(),
                Quoted(tag).c_str());
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
