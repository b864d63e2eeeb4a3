// The terminal report: one screenful first, then detail.

#ifndef CIVLOG_QUERIES_REPORT_TEXT_H_
#define CIVLOG_QUERIES_REPORT_TEXT_H_

#include <string>

#include "queries/analysis.h"
#include "queries/messages.h"

namespace civlog {

struct TextOptions {
  Language language = Language::kEnglish;
  int width = 80;      // columns; at least 80 is assumed
  bool color = false;  // ANSI colours
};

// Lays an Analysis out for a terminal. Every string that came from a log or a
// catalogue is escaped (control characters, invalid UTF-8, bidirectional
// overrides), so that nothing in a log can drive the terminal.
std::string RenderText(const Analysis& analysis, const TextOptions& options);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_REPORT_TEXT_H_
