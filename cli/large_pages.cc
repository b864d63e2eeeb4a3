#include "cli/large_pages.h"

#include <cstdint>
#include <cstdlib>

// A macro of the headers above.
#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace civlog {

#ifdef __GLIBC__

void UseLargePages() {
  constexpr uintptr_t kLargePage = uintptr_t{2} << 20;
  // As much as a run of usual size takes; what comes on top has small pages.
  constexpr int kReserved = 256 << 20;
  // Further memory is asked for by little, so that a limit of it is met late.
  constexpr int kGrowth = 1 << 20;
  constexpr int kLargestInHeap = 32 << 20;  // the most that glibc takes
  // Tables that grow stay in the heap, and all threads share it.
  mallopt(M_TOP_PAD, kReserved);
  mallopt(M_MMAP_THRESHOLD, kLargestInHeap);
  mallopt(M_TRIM_THRESHOLD, kReserved);
  mallopt(M_ARENA_MAX, 1);
  // The heap is extended by what is reserved when it has no room left.
  const size_t room = mallinfo2().fordblks + 1;
  void* volatile grown = std::malloc(room);  // or the compiler leaves both out
  std::free(grown);
  mallopt(M_TOP_PAD, kGrowth);
  const auto end = reinterpret_cast<uintptr_t>(sbrk(0)) / kLargePage * kLargePage;
  const uintptr_t begin = end - kReserved / kLargePage * kLargePage + kLargePage;
  // Where the kernel has none, or the heap stands elsewhere, all stays as it was.
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

#else

void UseLargePages() {}

#endif

}  // namespace civlog
