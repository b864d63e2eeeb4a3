#include "queries/rich_text.h"

namespace civlog {

RichText Plain(std::string_view text) {
  if (text.empty()) return {};
  return {TextSpan{SpanKind::kText, std::string(text), "", ""}};
}

RichText Code(std::string_view text) {
  return {TextSpan{SpanKind::kCode, std::string(text), "", ""}};
}

std::string PlainText(const RichText& text) {
  std::string plain;
  for (const TextSpan& span : text) plain += span.text;
  return plain;
}

void AppendText(const RichText& more, RichText* text) {
  for (const TextSpan& span : more) {
    if (span.kind == SpanKind::kText && !text->empty() && text->back().kind == SpanKind::kText) {
      text->back().text += span.text;
    } else {
      text->push_back(span);
    }
  }
}

RichText FormatRich(Message message, Language language, const std::vector<RichText>& arguments) {
  std::vector<std::string> plain;
  plain.reserve(arguments.size());
  for (const RichText& argument : arguments) plain.push_back(PlainText(argument));
  const std::vector<std::string_view> views(plain.begin(), plain.end());
  RichText out;
  FillMessage(message, language, views, [&](std::string_view text, const size_t* argument) {
    AppendText(argument == nullptr ? Plain(text) : arguments[*argument], &out);
  });
  return out;
}

}  // namespace civlog
