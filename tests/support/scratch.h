// Files of a test, gone at its end.

#ifndef CIVLOG_TESTS_SUPPORT_SCRATCH_H_
#define CIVLOG_TESTS_SUPPORT_SCRATCH_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace civlog {

// A directory of its own, removed with all that is in it; in memory where there is such a
// place: what is tested is what is written, not how fast a disk takes it.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    const char* const asked_for = std::getenv("TMPDIR");
    const std::filesystem::path in_memory = "/dev/shm";
    const bool may = asked_for == nullptr && ::access(in_memory.c_str(), W_OK) == 0;
    std::string name =
        ((may ? in_memory : std::filesystem::temp_directory_path()) / "civlog-test-XXXXXX")
            .string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  // Of a file in it.
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void AppendToFile(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

// Empty where there is no file.
inline std::string ReadFile(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return "";
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace civlog

#endif  // CIVLOG_TESTS_SUPPORT_SCRATCH_H_
