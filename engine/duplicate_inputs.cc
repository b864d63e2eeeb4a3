#include "engine/duplicate_inputs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace civlog {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;

// Reads a source in chunks that can be compared.
class ChunkReader {
 public:
  explicit ChunkReader(const ProbedInput& input) {
    auto source = input.input.open();
    if (source.ok()) source_ = *std::move(source);
  }

  // False where it could not be opened, or not read to its end.
  bool ok() const { return source_ != nullptr && ok_; }

  // At least one more byte, unless it ended.
  std::string_view Ahead() {
    if (begin_ == size_ && ok() && !ended_) {
      buffer_.resize(kChunkBytes);
      const absl::StatusOr<size_t> got = source_->Read(buffer_.data(), buffer_.size());
      ok_ = got.ok();
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
  bool ok_ = true;
  bool ended_ = false;
};

enum class Relation { kDifferent, kSame, kFirstBeginsSecond, kSecondBeginsFirst };

Relation Compare(const ProbedInput& first, const ProbedInput& second) {
  ChunkReader a(first);
  ChunkReader b(second);
  while (true) {
    const std::string_view a_ahead = a.Ahead();
    const std::string_view b_ahead = b.Ahead();
    if (!a.ok() || !b.ok()) return Relation::kDifferent;
    if (a_ahead.empty() && b_ahead.empty()) return Relation::kSame;
    if (a_ahead.empty()) return Relation::kFirstBeginsSecond;
    if (b_ahead.empty()) return Relation::kSecondBeginsFirst;
    const size_t size = std::min(a_ahead.size(), b_ahead.size());
    if (a_ahead.substr(0, size) != b_ahead.substr(0, size)) return Relation::kDifferent;
    a.Skip(size);
    b.Skip(size);
  }
}

void LeaveOut(ProbedInput* input, const ProbedInput& kept, bool whole) {
  input->formats.clear();
  input->left_out = true;
  input->duplicate = true;
  input->problem = (whole ? "has the content of " : "is the beginning of ") + kept.input.name +
                   ", which is counted instead (--keep-duplicates counts both)";
}

// `inputs` have the same first line and are ordered by name.
void CompareGroup(const std::vector<ProbedInput*>& inputs) {
  std::vector<ProbedInput*> kept;
  for (ProbedInput* input : inputs) {
    bool dropped = false;
    for (ProbedInput*& other : kept) {
      const Relation relation = Compare(*other, *input);
      if (relation == Relation::kDifferent) continue;
      dropped = relation != Relation::kFirstBeginsSecond;
      if (dropped) {
        LeaveOut(input, *other, relation == Relation::kSame);
      } else {
        LeaveOut(other, *input, false);
        other = input;
        dropped = true;  // it has the other's place
      }
      break;
    }
    if (!dropped) kept.push_back(input);
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
