// What each Apache directive and nginx variable means to civlog, and its unit.
//
// Sources: Apache httpd, mod_log_config ("Custom Log Formats"), mod_logio; nginx,
// ngx_http_log_module and ngx_http_core_module ("Embedded Variables"). What is not
// in the table is skipped by its delimiters.

#ifndef CIVLOG_PARSERS_LOG_FORMAT_DIRECTIVES_H_
#define CIVLOG_PARSERS_LOG_FORMAT_DIRECTIVES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/log_format_plan.h"

namespace civlog {

// A directive's meaning. Of several that fill the same field of a record, the one
// with the highest rank is used and the others are skipped.
struct Meaning {
  StepKind kind = StepKind::kSkip;
  TextField field = TextField::kClient;
  TimePart time;
  double unit_us = 1;
  int rank = 0;
  std::string extra;          // kExtra: "cookie:NAME" or "header:NAME"
  size_t width = 0;           // bytes that it always takes, 0 where that varies
  bool is_list = false;       // of several servers or proxies, between ", " or " : "
  bool is_number = false;     // digits or "-", also where it is skipped
  bool at_slash = false;      // begins with a slash, also where it is skipped
  bool has_query = false;     // kTarget: the query is part of it
  bool query_mark = false;    // nginx's $is_args
  bool dash_is_zero = false;  // kStatus: '-' is 0
  bool padded = false;        // blanks may stand before it
  bool sums = false;          // kLatency: one part of several
  bool at_end = false;        // kTime: of the request's end rather than its begin
};

// An Apache directive: its letters ("h", ">s" without modifiers is "s"; "^ti") and
// the argument in braces ("" for none). nullopt where that can be no directive;
// kSkip where it is of no use to civlog, or another module's.
std::optional<Meaning> ApacheMeaning(std::string_view letters, std::string_view argument);

// An nginx variable without its '$'.
Meaning NginxMeaning(std::string_view variable);

// The name of the field that a meaning fills, for messages: "time", "status".
std::string_view FieldNameOf(StepKind kind, TextField field);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LOG_FORMAT_DIRECTIVES_H_
