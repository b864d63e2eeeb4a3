// Counting whole days of a store anew from logs.

#ifndef CIVLOG_ENGINE_STORE_REPLACE_H_
#define CIVLOG_ENGINE_STORE_REPLACE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "engine/checkpoint.h"
#include "engine/store_writer.h"

namespace civlog {

// The first of two runs: brings the store up to date with those inputs that it knows; the
// others are left out or added. Not thread-safe; the writer must outlive it.
class KnownSources : public CheckpointSink {
 public:
  KnownSources(StoreWriter* store, bool adds_others) : store_(*store), adds_others_(adds_others) {}

  // By name of the input, the source that it is.
  const std::map<std::string, uint32_t>& known() const { return known_; }

  absl::StatusOr<Checkpoint> Resume() override { return store_.Resume(); }
  absl::StatusOr<std::vector<SourceState>> Identify(const ProbedInput& input) override {
    return store_.Identify(input);
  }
  absl::StatusOr<SourceState> AsNew(ProbedInput* input) override {
    if (adds_others_) return store_.AsNew(input);
    return SourceState();
  }
  absl::Status Keep(const Checkpoint& checkpoint) override;

 private:
  StoreWriter& store_;
  bool adds_others_;
  std::map<std::string, uint32_t> known_;
};

// The second: counts all inputs from their beginnings, and puts what is of the days in the
// place of what the store had of them. Lines of other days are not counted; logs that the
// store did not know count as read. Visits and attempts that began on the days are as
// these logs have them: open where they do not say how they ended. What is kept by week
// (visitors, lists) is replaced where the days are all that the store has of a week that is
// over; else it stays. Not thread-safe; the writer must outlive it.
class ReplacedDays : public CheckpointSink {
 public:
  // `known` as KnownSources has it. No `days`: every day that is over and that the logs have
  // lines of; FailedPrecondition, when it is kept, where they have fewer than the store has
  // of that day. FailedPrecondition where a day is not over.
  static absl::StatusOr<ReplacedDays> Make(StoreWriter* store, std::vector<absl::CivilDay> days,
                                           std::map<std::string, uint32_t> known);

  absl::StatusOr<Checkpoint> Resume() override;
  absl::StatusOr<std::vector<SourceState>> Identify(const ProbedInput& /*input*/) override {
    return std::vector<SourceState>();
  }
  absl::StatusOr<SourceState> AsNew(ProbedInput* input) override;
  absl::Status Keep(const Checkpoint& checkpoint) override;

  // Lines of the days, and of others.
  uint64_t lines() const { return lines_; }
  uint64_t other_lines() const { return other_lines_; }
  size_t days() const { return days_.size(); }

 private:
  bool IsOver(absl::CivilDay day) const;
  absl::Status ChooseDays(const LineDays& lines);

  ReplacedDays(StoreWriter* store, std::vector<absl::CivilDay> days,
               std::map<std::string, uint32_t> known)
      : store_(*store), days_(std::move(days)), known_(std::move(known)) {}

  StoreWriter& store_;
  std::vector<absl::CivilDay> days_;
  std::map<std::string, uint32_t> known_;
  uint64_t lines_ = 0;
  uint64_t other_lines_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STORE_REPLACE_H_
