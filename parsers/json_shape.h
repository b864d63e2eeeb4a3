// What all lines of a JSON log have in common: the text around their values.
//
// Servers write JSON logs by a template, so that lines have the same keys in the same
// order, at the same depth, and only their values differ. A shape is learned from a line
// that JsonReader has read in full. A line with the same text around its values has the
// same structure, and is read by comparing that text and finding the quotes between, in
// one pass. Where something is out of the ordinary (another key, an escape, a control
// character, what is no UTF-8) it gives the line back: a line that is read by its shape is
// read as JsonReader would read it in full (a test compares the two).

#ifndef CIVLOG_PARSERS_JSON_SHAPE_H_
#define CIVLOG_PARSERS_JSON_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/delimiter_index.h"
#include "parsers/json_reader.h"

namespace civlog {

// Not thread-safe.
class JsonShape {
 public:
  // A line is read fastest where it is indexed by these.
  static constexpr std::array<char, 2> kDelimiters = {'"', ','};

  // Takes the shape of `line`, which JsonReader has read, and in which it found `members`.
  // False, and then no line fits, where it has escapes, or more values or text than a
  // template would have.
  bool Learn(std::string_view line, const std::vector<JsonMember>& members);

  // Fills `*members` as JsonReader would. False where the line has another shape.
  // REQUIRES: a word's bytes readable behind the line.
  bool Read(const IndexedLine& line, std::vector<JsonMember>* members) const;

 private:
  // A value, and the text between it and the value before.
  struct Part {
    uint32_t text = 0;  // where in texts_ that is; whole words, the last filled with zeros
    uint32_t size = 0;  // of the text
    bool is_string = false;
    const JsonTarget* target = nullptr;  // null: of no use
  };
  static constexpr size_t kMostParts = 256;
  static constexpr size_t kMostBytes = 16384;

  void AddText(std::string_view text, Part* part);
  bool FitsText(const Part& part, const char* at, const char* end) const;

  std::vector<Part> parts_;  // the last one stands for the text behind the last value
  std::vector<uint64_t> texts_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_JSON_SHAPE_H_
