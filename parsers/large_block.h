// Memory for large tables, in large pages where the system has them.
//
// A table that is read at random costs a walk through the page tables for nearly every look;
// pages of 2 MiB make that rare, and are handed over by the system at once instead of one
// small page after the other.

#ifndef CIVLOG_PARSERS_LARGE_BLOCK_H_
#define CIVLOG_PARSERS_LARGE_BLOCK_H_

#include <cstddef>
#include <utility>

namespace civlog {

// Owns zeroed memory that begins at a large page. Movable; not thread-safe.
class LargeBlock {
 public:
  static constexpr size_t kPageBytes = size_t{2} << 20;

  LargeBlock() = default;
  // Ends the program, as operator new does here, where there is no memory left.
  explicit LargeBlock(size_t bytes);
  ~LargeBlock();
  LargeBlock(LargeBlock&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LargeBlock& operator=(LargeBlock&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  char* data() const { return data_; }
  // What was asked for, in whole pages.
  size_t size() const { return size_; }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_PARSERS_LARGE_BLOCK_H_
