#include "engine/charset.h"

#include <iconv.h>

#include <cerrno>
#include <cstdint>

namespace civlog {
namespace {

// An open conversion to UTF-8.
class Converter {
 public:
  explicit Converter(const std::string& charset)
      : handle_(::iconv_open("UTF-8", charset.c_str())) {}
  ~Converter() {
    if (valid()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // iconv_open's error is the pointer of all ones.
  bool valid() const { return reinterpret_cast<intptr_t>(handle_) != -1; }

  std::optional<std::string> Convert(std::string_view text) {
    constexpr size_t kMostBytesOfACharacter = 4;
    std::string from(text);
    std::string to(kMostBytesOfACharacter * text.size(), '\0');
    char* in = from.data();
    char* out = to.data();
    size_t in_left = from.size();
    size_t out_left = to.size();
    const size_t failed = static_cast<size_t>(-1);
    if (::iconv(handle_, &in, &in_left, &out, &out_left) == failed || in_left > 0) {
      return std::nullopt;
    }
    to.resize(to.size() - out_left);
    return to;
  }

 private:
  iconv_t handle_;
};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Percent-encodings of bytes beyond ASCII, decoded; the others mean something else
// than what they stand for, "%2F" above all.
std::string DecodeNonAscii(std::string_view path) {
  std::string decoded;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool encoded = path[i] == '%' && i + 2 < path.size() && HexDigit(path[i + 1]) >= 8 &&
                         HexDigit(path[i + 2]) >= 0;
    if (encoded) {
      decoded.push_back(static_cast<char>(HexDigit(path[i + 1]) * 16 + HexDigit(path[i + 2])));
      i += 2;
    } else {
      decoded.push_back(path[i]);
    }
  }
  return decoded;
}

}  // namespace

bool IsCharset(const std::string& name) { return !name.empty() && Converter(name).valid(); }

std::optional<std::string> ToUtf8(std::string_view text, const std::string& charset) {
  Converter converter(charset);
  if (!converter.valid()) return std::nullopt;
  return converter.Convert(text);
}

std::string ReadablePath(std::string_view path, const std::string& charset) {
  if (charset.empty()) return std::string(path);
  const std::string decoded = DecodeNonAscii(path);
  // Text of another charset is hardly ever valid UTF-8 by chance.
  for (const std::string& known : {std::string("UTF-8"), charset}) {
    if (const std::optional<std::string> text = ToUtf8(decoded, known)) return *text;
  }
  return std::string(path);
}

}  // namespace civlog
