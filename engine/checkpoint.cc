#include "engine/checkpoint.h"

#include <limits>

#include "engine/visitor.h"

namespace civlog {

void LineCounts::Merge(const LineCounts& other) {
  lines += other.lines;
  blank += other.blank;
  directive += other.directive;
  late += other.late;
  for (size_t i = 0; i < rejected.size(); ++i) rejected[i] += other.rejected[i];
}

void AddLines(const RecordBatch& batch, Calendar* calendar, BlockLineDays* days) {
  if (days->empty()) days->emplace_back(kEveryDay, LineCounts());
  size_t reject = 0;
  size_t blank = 0;
  size_t directive = 0;
  const auto add_others = [&](uint64_t before_line) {
    LineCounts& day = days->back().second;
    for (; reject < batch.rejects.size() && batch.rejects[reject].line < before_line; ++reject) {
      ++day.rejected[static_cast<size_t>(batch.rejects[reject].reason)];
      ++day.lines;
    }
    for (; blank < batch.blank.size() && batch.blank[blank] < before_line; ++blank) {
      ++day.blank;
      ++day.lines;
    }
    for (; directive < batch.directive.size() && batch.directive[directive] < before_line;
         ++directive) {
      ++day.directive;
      ++day.lines;
    }
  };
  for (size_t i = 0; i < batch.size; ++i) {
    add_others(batch.line[i]);
    const int32_t day = calendar->DayOf(batch.time_us[i]);
    if (days->size() == 1 || days->back().first != day) days->emplace_back(day, LineCounts());
    ++days->back().second.lines;
  }
  add_others(std::numeric_limits<uint64_t>::max());
}

uint64_t ContentDigest(const VisitorKey& key, std::string_view bytes) {
  return SipHash24(key.k0, key.k1, bytes);
}

}  // namespace civlog
