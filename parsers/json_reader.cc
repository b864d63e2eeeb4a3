// Most lines have the shape of one before, see json_shape.h. For the others: simdjson's
// On-Demand interface reads forward only, so the object is walked once, in the order of
// the line, and each key is looked up in a trie of the keys before it.

#include "parsers/json_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "parsers/absl_bridge.h"
#include "parsers/block_reader.h"
#include "parsers/json_shape.h"

namespace civlog {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(kBlockPadding >= simdjson::SIMDJSON_PADDING);

constexpr size_t kMaxNodes = 4096;
constexpr size_t kMaxLearnedBytes = 128;
constexpr int kMaxDepth = 8;

// A key, on its way from the root.
struct Node {
  absl::flat_hash_map<std::string, uint32_t> children;
  std::string path;  // of a loose mapping: the names from the root on
  const JsonTarget* target = nullptr;
};

constexpr uint32_t kNoNode = UINT32_MAX;

// Shapes that are known at a time: of lines with and without some header, and the like.
constexpr size_t kShapes = 4;
// Lines read by their shape for each that was learned, or learning is no longer worth it.
// What was earned is kept up to a bound.
constexpr int kLearningCost = 4;
constexpr int kMostCredit = 256;

// A string's text up to its closing quote.
std::string_view StringText(const char* begin, const char* line_end) {
  const char* at = begin;
  while (at < line_end && *at != '"') at += *at == '\\' ? 2 : 1;
  return {begin, static_cast<size_t>(std::min(at, line_end) - begin)};
}

}  // namespace

struct JsonReader::State {
  explicit State(const JsonMapping* from) : mapping(from), nodes(1) {
    for (const JsonPath& path : mapping->paths) {
      uint32_t node = 0;
      for (const std::string& key : path.keys) {
        const auto [child, is_new] =
            nodes[node].children.try_emplace(key, static_cast<uint32_t>(nodes.size()));
        node = child->second;
        if (is_new) nodes.emplace_back();
      }
      nodes[node].target = &path.target;
    }
  }

  // The node of the key whose text begins at `raw`. Lines of one log mostly have the
  // same keys in the same order, so that the one before says what comes.
  uint32_t NextChild(uint32_t parent, const char* raw) {
    if (position >= kMostExpected) return Child(parent, StringText(raw, line_end));
    if (position == expected.size()) expected.emplace_back();
    Expected& next = expected[position++];
    const size_t size = next.key.size();
    if (next.parent == parent && static_cast<size_t>(line_end - raw) > size && raw[size] == '"' &&
        std::memcmp(raw, next.key.data(), size) == 0) {
      return next.child;
    }
    const std::string_view key = StringText(raw, line_end);
    next.key.assign(key.substr(0, kMaxLearnedBytes));
    next.parent = key.size() <= kMaxLearnedBytes ? parent : kNoNode;
    return next.child = Child(parent, key);
  }

  uint32_t Child(uint32_t parent, std::string_view key) {
    const auto found = nodes[parent].children.find(ToAbsl(key));
    if (found != nodes[parent].children.end()) return found->second;
    if (!mapping->loose || nodes.size() >= kMaxNodes || key.size() > kMaxLearnedBytes) {
      return kNoNode;
    }
    const auto id = static_cast<uint32_t>(nodes.size());
    nodes[parent].children.emplace(key, id);
    Node node;
    node.path = nodes[parent].path + JsonName(key);
    node.target = LooseTarget(node.path, key);
    nodes.push_back(std::move(node));
    return id;
  }

  bool ReadByShape(const IndexedLine& line);
  void LearnShape(std::string_view line);
  bool ReadInFull(std::string_view line, size_t* error_at);
  simdjson::error_code Walk(ondemand::object object, uint32_t node, int depth);
  simdjson::error_code Take(ondemand::value value, uint32_t node, int depth);
  simdjson::error_code TakeFirst(ondemand::array array, uint32_t node);
  void TakeScalar(ondemand::value value, uint32_t node);

  const JsonMapping* mapping;
  std::vector<Node> nodes;
  ondemand::parser parser;
  const char* line_end = nullptr;
  std::vector<JsonMember>* members = nullptr;
  // A key of the line before, by its position.
  struct Expected {
    uint32_t parent = kNoNode;  // kNoNode: of no use
    uint32_t child = kNoNode;
    std::string key;
  };
  static constexpr size_t kMostExpected = 64;
  std::vector<Expected> expected;
  size_t position = 0;
  std::array<JsonShape, kShapes> shapes;
  size_t last_shape = 0;  // that a line had
  int credit = kMostCredit;
};

void JsonReader::State::TakeScalar(ondemand::value value, uint32_t node) {
  const JsonTarget* target = nodes[node].target;
  if (target == nullptr) return;
  std::string_view raw = value.raw_json_token();
  // A token goes on to the next one.
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\t' || raw.back() == '\r')) {
    raw.remove_suffix(1);
  }
  if (raw.starts_with('"')) {
    raw = raw.size() > 1 && raw.ends_with('"') ? raw.substr(1, raw.size() - 2)
                                               : StringText(raw.data() + 1, line_end);
  } else if (raw == "null" || raw == "true" || raw == "false") {
    return;
  }
  members->push_back({target, raw});
}

// Of a list, such as Caddy's values of a header, the first.
simdjson::error_code JsonReader::State::TakeFirst(ondemand::array array, uint32_t node) {
  bool first = true;
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = element.get(value)) return error;
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return error;
    const bool scalar = type != ondemand::json_type::array && type != ondemand::json_type::object;
    if (first && scalar) TakeScalar(value, node);
    first = false;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code JsonReader::State::Take(ondemand::value value, uint32_t node, int depth) {
  if (node == kNoNode) return simdjson::SUCCESS;
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::object) {
    const bool enter = depth < kMaxDepth && (mapping->loose || !nodes[node].children.empty());
    if (!enter) return simdjson::SUCCESS;
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return Walk(object, node, depth + 1);
  }
  if (type == ondemand::json_type::array) {
    if (nodes[node].target == nullptr) return simdjson::SUCCESS;
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return TakeFirst(array, node);
  }
  TakeScalar(value, node);
  return simdjson::SUCCESS;
}

simdjson::error_code JsonReader::State::Walk(ondemand::object object, uint32_t node, int depth) {
  for (auto member : object) {
    ondemand::field field;
    if (const auto error = std::move(member).get(field)) return error;
    const uint32_t child = NextChild(node, field.key().raw());
    if (const auto error = Take(field.value(), child, depth)) return error;
  }
  return simdjson::SUCCESS;
}

JsonReader::JsonReader(const JsonMapping* mapping) : state_(std::make_unique<State>(mapping)) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

bool JsonReader::State::ReadByShape(const IndexedLine& line) {
  for (size_t i = 0; i < kShapes; ++i) {
    const size_t shape = (last_shape + i) % kShapes;
    if (!shapes[shape].Read(line, members)) continue;
    last_shape = shape;
    credit = std::min(credit + 1, kMostCredit);
    return true;
  }
  return false;
}

// In place of the one that was learned, or was of use, the longest time ago or nearly so.
void JsonReader::State::LearnShape(std::string_view line) {
  if (credit < kLearningCost) return;
  credit -= kLearningCost;
  last_shape = (last_shape + kShapes - 1) % kShapes;
  shapes[last_shape].Learn(line, *members);
}

bool JsonReader::State::ReadInFull(std::string_view line, size_t* error_at) {
  members->clear();
  position = 0;
  line_end = line.data() + line.size();
  if (!line.starts_with('{')) return false;
  ondemand::document document;
  const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + kBlockPadding);
  simdjson::error_code error = parser.iterate(padded).get(document);
  if (error != simdjson::SUCCESS) return false;
  ondemand::object object;
  error = document.get_object().get(object);
  if (error == simdjson::SUCCESS) error = Walk(object, 0, 0);
  const char* at = nullptr;
  const bool at_end = document.current_location().get(at) == simdjson::OUT_OF_BOUNDS;
  if (error == simdjson::SUCCESS && at_end) return true;
  if (!at_end && at >= line.data() && at <= line_end) {
    *error_at = static_cast<size_t>(at - line.data());
  }
  return false;
}

bool JsonReader::Read(const IndexedLine& line, std::vector<JsonMember>* members, size_t* error_at) {
  state_->members = members;
  *error_at = 0;
  if (state_->ReadByShape(line)) return true;
  if (!state_->ReadInFull(line.text(), error_at)) return false;
  state_->LearnShape(line.text());
  return true;
}

}  // namespace civlog
