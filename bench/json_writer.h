// Writes JSON in order, indented by two spaces.

#ifndef CIVLOG_BENCH_JSON_WRITER_H_
#define CIVLOG_BENCH_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace civlog::corpus {

// Texts must hold nothing that JSON wants escaped: everything the generator names is
// plain ASCII without quotes. Calls must nest; an empty key stands for an element of
// an array.
class JsonWriter {
 public:
  void BeginObject(std::string_view key = {}) { Begin(key, '{'); }
  void EndObject() { End('}'); }
  void BeginArray(std::string_view key = {}) { Begin(key, '['); }
  void EndArray() { End(']'); }
  void Number(std::string_view key, uint64_t value) {
    Key(key);
    text_ += std::to_string(value);
  }
  void Text(std::string_view key, std::string_view value) {
    Key(key);
    text_ += '"';
    text_ += value;
    text_ += '"';
  }
  void Null(std::string_view key) {
    Key(key);
    text_ += "null";
  }
  // Until the next End, everything stays on one line.
  void OnOneLine() { flat_depth_ = depth_; }

  std::string Take() {
    text_ += '\n';
    return std::move(text_);
  }

 private:
  void Key(std::string_view key) {
    if (!first_) text_ += ',';
    NewLine();
    first_ = false;
    if (key.empty()) return;
    text_ += '"';
    text_ += key;
    text_ += "\": ";
  }
  void NewLine() {
    if (depth_ == 0) return;
    if (flat_depth_ > 0) {
      if (!first_) text_ += ' ';
      return;
    }
    text_ += '\n';
    text_.append(static_cast<size_t>(depth_) * 2, ' ');
  }
  void Begin(std::string_view key, char bracket) {
    Key(key);
    text_ += bracket;
    ++depth_;
    first_ = true;
  }
  void End(char bracket) {
    const bool flat = flat_depth_ > 0;
    if (flat_depth_ == depth_) flat_depth_ = 0;
    --depth_;
    if (!first_ && !flat) {
      text_ += '\n';
      text_.append(static_cast<size_t>(depth_) * 2, ' ');
    }
    text_ += bracket;
    first_ = false;
  }

  std::string text_;
  int depth_ = 0;
  int flat_depth_ = 0;  // 0: none
  bool first_ = true;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_JSON_WRITER_H_
