#include "engine/duplicate_inputs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace civlog {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;

// Reads a source in chunks that can be compared. A truncated one ends where it is cut.
class ChunkReader {
 public:
  explicit ChunkReader(const ProbedInput& input) {
    auto source = input.input.open();
    status_ = source.status();
    if (source.ok()) source_ = *std::move(source);
  }

  // Why it was not read to its end.
  const absl::Status& status() const { return status_; }
  // False where what it read tells nothing about the rest.
  bool ok() const { return status_.ok() || absl::IsDataLoss(status_); }

  // At least one more byte, unless it ended.
  std::string_view Ahead() {
    if (begin_ == size_ && status_.ok() && !ended_) {
      buffer_.resize(kChunkBytes);
      const absl::StatusOr<size_t> got = source_->Read(buffer_.data(), buffer_.size());
      status_ = got.status();
      begin_ = 0;
      size_ = got.ok() ? *got : 0;
      ended_ = size_ == 0;
    }
    return std::string_view(buffer_).substr(begin_, size_ - begin_);
  }
  void Skip(size_t bytes) { begin_ += bytes; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
  size_t begin_ = 0;
  size_t size_ = 0;
  absl::Status status_;
  bool ended_ = false;
};

enum class Relation { kDifferent, kSame, kFirstBeginsSecond, kSecondBeginsFirst };

// An input that is found to be the beginning of the other, or the same, gets the error
// that it ended by: what is left out for another is still said to be damaged.
Relation Compare(ProbedInput* first, ProbedInput* second) {
  ChunkReader a(*first);
  ChunkReader b(*second);
  while (true) {
    const std::string_view a_ahead = a.Ahead();
    const std::string_view b_ahead = b.Ahead();
    if (!a.ok() || !b.ok()) return Relation::kDifferent;
    // Of two that end at one byte, the one that is cut may have had more.
    const bool first_ends = a_ahead.empty() && (!b_ahead.empty() || !a.status().ok());
    if (first_ends) {
      first->status = a.status();
      return Relation::kFirstBeginsSecond;
    }
    if (b_ahead.empty()) {
      second->status = b.status();
      return a_ahead.empty() && b.status().ok() ? Relation::kSame : Relation::kSecondBeginsFirst;
    }
    const size_t size = std::min(a_ahead.size(), b_ahead.size());
    if (a_ahead.substr(0, size) != b_ahead.substr(0, size)) return Relation::kDifferent;
    a.Skip(size);
    b.Skip(size);
  }
}

// An input that is counted, and those that are left out for it.
struct Kept {
  ProbedInput* input = nullptr;
  std::vector<ProbedInput*> same;
  std::vector<ProbedInput*> beginnings;
};

void LeaveOut(ProbedInput* input, const ProbedInput& kept, const std::string& how) {
  input->formats.clear();
  input->left_out = true;
  input->duplicate = true;
  input->problem =
      how + kept.input.name + ", which is counted instead (--keep-duplicates counts both)";
}

// Puts an input to those that are counted, or to what is left out for one of them. No
// two that are counted begin a third: one of them would begin the other.
void Place(ProbedInput* input, std::vector<Kept>* all) {
  for (Kept& kept : *all) {
    switch (Compare(kept.input, input)) {
      case Relation::kDifferent:
        continue;
      case Relation::kSame:
        kept.same.push_back(input);
        return;
      case Relation::kSecondBeginsFirst:
        kept.beginnings.push_back(input);
        return;
      case Relation::kFirstBeginsSecond:
        kept.beginnings.push_back(kept.input);
        kept.beginnings.insert(kept.beginnings.end(), kept.same.begin(), kept.same.end());
        kept.same.clear();
        kept.input = input;
        return;
    }
  }
  all->push_back({input, {}, {}});
}

// `inputs` have the same first line and are ordered by name.
void CompareGroup(const std::vector<ProbedInput*>& inputs) {
  std::vector<Kept> all;
  for (ProbedInput* input : inputs) Place(input, &all);
  for (const Kept& kept : all) {
    for (ProbedInput* input : kept.same) LeaveOut(input, *kept.input, "has the content of ");
    for (ProbedInput* input : kept.beginnings) {
      LeaveOut(input, *kept.input, "is the beginning of ");
    }
  }
}

}  // namespace

void LeaveOutDuplicates(std::vector<ProbedInput>* inputs) {
  std::map<std::string, std::vector<ProbedInput*>> groups;
  for (ProbedInput& input : *inputs) {
    const bool comparable = input.input.reopenable && input.status.ok() && !input.empty &&
                            !input.left_out && !input.first_line.empty();
    if (comparable) groups[input.first_line].push_back(&input);
  }
  for (auto& [line, group] : groups) {
    if (group.size() < 2) continue;
    std::stable_sort(group.begin(), group.end(), [](const ProbedInput* a, const ProbedInput* b) {
      return a->input.name < b->input.name;
    });
    CompareGroup(group);
  }
}

}  // namespace civlog
