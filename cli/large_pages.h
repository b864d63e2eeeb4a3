// Large pages for the heap.

#ifndef CIVLOG_CLI_LARGE_PAGES_H_
#define CIVLOG_CLI_LARGE_PAGES_H_

namespace civlog {

// Asks the kernel to back the heap with pages of 2 MiB (transparent huge pages, where
// they are on or left to the program). Tables of visitors and paths are read at random:
// with pages of 4 KiB most of these reads miss the translation buffer as well as the
// caches, and each new page costs a fault. To be called before any thread is started;
// does nothing where there are no such pages. Memory is reserved, not used.
void UseLargePages();

}  // namespace civlog

#endif  // CIVLOG_CLI_LARGE_PAGES_H_
