#include "parsers/large_block.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace civlog {

LargeBlock::LargeBlock(size_t bytes) : size_((bytes + kPageBytes - 1) / kPageBytes * kPageBytes) {
  if (size_ == 0) return;
  // One page more, of which those parts are given back that stand before and behind.
  const size_t mapped = size_ + kPageBytes;
  void* const begin =
      ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) throw std::bad_alloc();
  const size_t before = (kPageBytes - reinterpret_cast<uintptr_t>(begin) % kPageBytes) % kPageBytes;
  data_ = static_cast<char*>(begin) + before;
  if (before > 0) ::munmap(begin, before);
  ::munmap(data_ + size_, mapped - before - size_);
#ifdef MADV_HUGEPAGE
  // Where that is refused, small pages do.
  ::madvise(data_, size_, MADV_HUGEPAGE);
#endif
}

LargeBlock::~LargeBlock() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace civlog
