#include "queries/redact.h"

#include <re2/re2.h>

#include <algorithm>

namespace civlog {
namespace {

// The shape of a text: letters become a, digits 9.
void MaskShape(std::string* text, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    char& c = (*text)[i];
    if (c >= '0' && c <= '9') {
      c = '9';
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0) {
      c = 'a';
    }
  }
}

}  // namespace

std::string RedactLine(std::string_view line, size_t max_bytes) {
  std::string text(line.substr(0, max_bytes));
  // Client, identity and user stand before the bracket of the time. Without one
  // nothing tells them from the rest.
  MaskShape(&text, 0, std::min(text.find('['), text.size()));
  // A query ends at the protocol or the closing quote; malformed ones hold spaces.
  static const RE2 query(R"(\?[^"]*?( HTTP/|"|$))");
  static const RE2 pair(R"(([\w.-]+)=[^\s"&;]+)");
  static const RE2 mail(R"([^\s"@]+@[^\s"@]+)");
  static const RE2 ipv4(R"(\b\d{1,3}(\.\d{1,3}){3}\b)");
  static const RE2 ipv6(R"([0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){4,7}|[0-9A-Fa-f:]*::[0-9A-Fa-f:]*)");
  RE2::GlobalReplace(&text, query, R"(?...\1)");
  RE2::GlobalReplace(&text, pair, R"(\1=...)");
  RE2::GlobalReplace(&text, mail, "<mail>");
  RE2::GlobalReplace(&text, ipv4, "<address>");
  RE2::GlobalReplace(&text, ipv6, "<address>");
  return text;
}

}  // namespace civlog
