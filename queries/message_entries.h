// How the words of the reports are kept: tables by idea, one after the other.

#ifndef CIVLOG_QUERIES_MESSAGE_ENTRIES_H_
#define CIVLOG_QUERIES_MESSAGE_ENTRIES_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "queries/messages.h"

namespace civlog {

struct MessageEntry {
  Message message;
  std::array<std::string_view, kLanguageCount> text;  // by Language
};

// The messages from the first up to kFirstReportMessage, and those from there on, in the
// order of the enumeration.
const MessageEntry* AnalysisMessages();
const MessageEntry* ReportMessages();

// Whether a table lists the messages of [first, end), all of them and in order.
template <size_t size>
constexpr bool InOrder(const MessageEntry (&entries)[size], Message first, Message end) {
  size_t i = static_cast<size_t>(first);
  for (const MessageEntry& entry : entries) {
    if (static_cast<size_t>(entry.message) != i++) return false;
  }
  return i == static_cast<size_t>(end);
}

}  // namespace civlog

#endif  // CIVLOG_QUERIES_MESSAGE_ENTRIES_H_
