// The straight way through a line that has nothing unusual.
//
// Nearly all lines of a log have no escape and no stray quote or blank. A QuickPlan runs the same
// steps as its FormatPlan over such a line, without a look at what it does not have. Where
// something is out of the ordinary it gives the line back, and the general way decides: a line that
// is read quickly is read as the general way would (a test compares the two).

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
  bool empty() const { return cuts_.empty(); }

  // Fills record `batch->size`; `number` is the line's. False where the general way has
  // to read the line: what was filled in until then is overwritten by it.
  // REQUIRES: !empty(), and `line` is indexed by the plan's delimiters.
  bool Parse(const IndexedLine& line, uint64_t number, ClfMinute* minute, TimeResolver* resolver,
             RecordBatch* batch) const;

 private:
  static constexpr size_t kMostSteps = 32;
  enum class Ending : uint8_t {
    kDelimiter,
    kDashes,  // the same, and often "-" with those behind it
    kLastColon,
    kTime,
    kStatus,  // three digits
    kBytes,   // digits, or "-"
    kLineEnd
  };

  // Where a field ends.
  struct Cut {
    Ending ending = Ending::kDelimiter;
    uint8_t rank = 0;  // kLastColon: of what ends the field behind
    uint8_t until_size = 0;
    // kDashes: of so many fields from this one on; `absent` is what they are then, with what
    // ends them.
    uint8_t dashes = 0;
    uint8_t absent_size = 0;
    uint32_t until = 0;  // its bytes, as a word of the machine
    uint32_t until_mask = 0;
    uint64_t absent = 0;  // as `until`
    uint64_t absent_mask = 0;
  };
  // What is made of a field.
  struct Take {
    StepKind kind = StepKind::kSkip;
    TextField field = TextField::kClient;
    uint8_t cut = 0;      // its place among the cuts
    bool checks = false;  // a number that is skipped, a field with no blanks
    bool strips = false;  // a text that may have something around it
    const FormatStep* origin = nullptr;
  };

  static void EndWithDigits(StepKind kind, Cut* cut);
  bool Compile(const FormatStep& origin, bool last, Cut* cut) const;
  void Add(const FormatStep& origin, size_t place);
  void FoldDashes();
  static bool TakeValue(const Take& take, std::string_view raw, RecordBatch* batch);

  const FormatPlan* plan_ = nullptr;
  size_t extra_ = 0;         // extra fields
  std::vector<Cut> cuts_;    // of every step, in order
  std::vector<Take> texts_;  // of the steps that are plain texts
  std::vector<Take> others_;
  uint8_t time_cut_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_QUICK_PLAN_H_
