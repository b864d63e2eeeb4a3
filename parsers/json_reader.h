// Walks over a line's JSON and finds the members that a mapping asks for.

#ifndef CIVLOG_PARSERS_JSON_READER_H_
#define CIVLOG_PARSERS_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "parsers/delimiter_index.h"
#include "parsers/json_mapping.h"

namespace civlog {

// A member that fills a field: `raw` views the line, without the quotes of a string
// and with its escapes.
struct JsonMember {
  const JsonTarget* target = nullptr;
  std::string_view raw;
};

// One thread's. Learns the keys it meets: a bounded number, beyond which new ones are
// passed over.
class JsonReader {
 public:
  // `mapping` must outlive the reader.
  explicit JsonReader(const JsonMapping* mapping);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // REQUIRES: kBlockPadding readable bytes behind `line`. False where it is no JSON
  // object; `*error_at` is then the byte where that shows. `*members` is in the order
  // of the line.
  bool Read(const IndexedLine& line, std::vector<JsonMember>* members, size_t* error_at);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_JSON_READER_H_
