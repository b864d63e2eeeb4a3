// A vector that grows without moving what is there.

#ifndef CIVLOG_ENGINE_CHUNKED_VECTOR_H_
#define CIVLOG_ENGINE_CHUNKED_VECTOR_H_

#include <cstddef>
#include <vector>

namespace civlog {

// In chunks that are large beside a std::deque's, so that their places stay in the cache.
// Not thread-safe.
template <typename T>
class ChunkedVector {
 public:
  size_t size() const { return size_; }
  // REQUIRES: i < size().
  T& operator[](size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  void Append() {
    if (size_ % kChunk == 0) chunks_.emplace_back(kChunk);
    ++size_;
  }

 private:
  static constexpr size_t kChunk = 64;

  std::vector<std::vector<T>> chunks_;
  size_t size_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_CHUNKED_VECTOR_H_
