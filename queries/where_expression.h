// The language of `--where`: which records take part.
//
//   expression = term { "or" term }
//   term       = factor { "and" factor }
//   factor     = "not" factor | "(" expression ")" | test
//   test       = name ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) value
//              | name [ "not" ] "in" "(" value { "," value } ")"
//              | name ( "=~" | "!~" ) text
//   value      = "text" | 'text' | word | number [ unit ] | time
//
// `=~` finds an RE2 pattern anywhere in the text. A test of what a record does not
// have is false, and so its `not` true.

#ifndef CIVLOG_QUERIES_WHERE_EXPRESSION_H_
#define CIVLOG_QUERIES_WHERE_EXPRESSION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/record_tap.h"
#include "queries/record_field.h"

namespace civlog {

// A compiled expression. Immutable and thread-safe.
class WhereExpression {
 public:
  // InvalidArgument with a message of three lines where `text` is none: what is wrong
  // and at which column, the text, and a caret under the place. Times without a zone
  // are of `zone`.
  static absl::StatusOr<std::unique_ptr<WhereExpression>> Parse(std::string_view text,
                                                                absl::TimeZone zone);
  ~WhereExpression();

  // kUnknown where `record` is not classified and the answer depends on that.
  Choice Evaluate(const TappedRecord& record, FieldReader* reader) const;

  // Every field that is asked for.
  const std::vector<FieldRef>& fields() const { return fields_; }

  struct Node;

 private:
  WhereExpression();
  std::unique_ptr<Node> root_;
  std::vector<FieldRef> fields_;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_WHERE_EXPRESSION_H_
