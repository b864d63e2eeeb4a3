// The straight way through a line that has nothing unusual.
//
// Nearly all lines of a log have no escape, no stray quote or blank, and were written in
// the same minute as the line before. A QuickPlan runs the same steps as its FormatPlan
// over such a line, without a look at what it does not have. Where something is out of
// the ordinary it gives the line back, and the general way decides: a line that is read
// quickly is read as the general way would (a test compares the two).

#ifndef CIVLOG_PARSERS_QUICK_PLAN_H_
#define CIVLOG_PARSERS_QUICK_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/delimiter_index.h"
#include "parsers/log_format_plan.h"
#include "parsers/record_batch.h"
#include "parsers/timestamp.h"

namespace civlog {

// Immutable; the FormatPlan must outlive it.
class QuickPlan {
 public:
  // Without steps where lines of the format cannot be read so.
  QuickPlan() = default;
  explicit QuickPlan(const FormatPlan& plan);
  bool empty() const { return steps_.empty(); }

  // Fills record `batch->size`; `number` is the line's. False where the general way has
  // to read the line: what was filled in until then is overwritten by it.
  // REQUIRES: !empty(), and `line` is indexed by the plan's delimiters.
  bool Parse(const IndexedLine& line, uint64_t number, const ClfMinute& minute,
             RecordBatch* batch) const;

 private:
  enum class Ending : uint8_t { kDelimiter, kLastColon, kTime, kLastQuote, kLineEnd };

  struct Step {
    StepKind kind = StepKind::kSkip;
    TextField field = TextField::kClient;
    Ending ending = Ending::kDelimiter;
    uint8_t rank = 0;  // kLastColon: of what ends the field behind
    uint8_t until_size = 0;
    bool checks = false;  // a number that is skipped, a field with no blanks
    uint32_t until = 0;   // its bytes, as a word of the machine
    uint32_t until_mask = 0;
    const FormatStep* origin = nullptr;
  };

  bool Compile(const FormatStep& origin, bool last, Step* step) const;
  static bool Take(const Step& step, std::string_view raw, RecordBatch* batch);

  const FormatPlan* plan_ = nullptr;
  size_t extra_ = 0;  // extra fields
  std::vector<Step> steps_;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_QUICK_PLAN_H_
