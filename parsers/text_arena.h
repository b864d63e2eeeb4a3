// Texts that live as long as what they are kept for: a batch, a block, a run.

#ifndef CIVLOG_PARSERS_TEXT_ARENA_H_
#define CIVLOG_PARSERS_TEXT_ARENA_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace civlog {

// Not thread-safe. What it hands out stays where it is when the arena is moved.
class TextArena {
 public:
  // `bytes` of storage that live until Clear.
  char* Allocate(size_t bytes);
  // `text`, kept until Clear.
  std::string_view Keep(std::string_view text) {
    char* const kept = Allocate(text.size());
    text.copy(kept, text.size());
    return {kept, text.size()};
  }
  // Forgets all texts; their room is used again.
  void Clear();

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t capacity = 0;
    size_t used = 0;
  };
  std::vector<Chunk> chunks_;
  size_t current_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_TEXT_ARENA_H_
