// Text whose figures know where they come from.

#ifndef CIVLOG_QUERIES_RICH_TEXT_H_
#define CIVLOG_QUERIES_RICH_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queries/messages.h"

namespace civlog {

enum class SpanKind : uint8_t {
  kText,
  kFigure,  // `value` is the figure in full, `pointer` where the JSON report has it
  kTime,    // `value` is it in ISO 8601
  kCode,    // something a machine wrote: a path, a digest
  kLink,    // `value` is the name of a file beside the report's
};

// A piece of a text. `text` is what is read; as it came, not escaped.
struct TextSpan {
  SpanKind kind = SpanKind::kText;
  std::string text;
  std::string value;
  std::string pointer;  // RFC 6901
};

using RichText = std::vector<TextSpan>;

RichText Plain(std::string_view text);
RichText Code(std::string_view text);
std::string PlainText(const RichText& text);
void AppendText(const RichText& more, RichText* text);

// FormatMessage with arguments that keep what they are.
RichText FormatRich(Message message, Language language, const std::vector<RichText>& arguments);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_RICH_TEXT_H_
