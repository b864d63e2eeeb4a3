// The program as it runs beside a test, and what it makes of logs.

#ifndef CIVLOG_TESTS_FOLLOWING_FOLLOWER_H_
#define CIVLOG_TESTS_FOLLOWING_FOLLOWER_H_

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace civlog {

// A directory of a test's own, removed with all it holds.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }
  void Write(const std::string& name, const std::string& text) const;
  void Append(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;

 private:
  std::string folder_;
};

// The program `civlog`, started in a directory; ended by force at the end of its scope.
// Its standard output and error go to the files "out" and "err" there.
class Program {
 public:
  // `input`: a descriptor for its standard input; -1 for none.
  Program(const std::string& folder, const std::vector<std::string>& arguments,
          const std::map<std::string, std::string>& environment = {}, int input = -1);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void Signal(int signal) const;
  // How many files below a folder it has open.
  size_t OpenFiles(const std::string& folder) const;
  // Whether it has ended by now.
  bool HasEnded();
  // Its exit code, 128 + the signal for one that a signal ended. A failure where it does
  // not end.
  int Wait();

 private:
  pid_t pid_;
  bool ended_ = false;
  int exit_code_ = -1;
};

// Waits until it is so; a failure where that takes very long.
bool Eventually(const std::function<bool()>& so, const std::string& what);

// Lines that a store has counted; 0 for none that can be read yet.
uint64_t LinesOf(const std::string& store);
// The figures of a store, as JSON.
std::string StoreAsJson(const std::string& store);
// Those of one analysis over logs by name.
std::string AnalysisAsJson(const std::string& catalog,
                           const std::vector<std::pair<std::string, std::string>>& logs);

}  // namespace civlog

#endif  // CIVLOG_TESTS_FOLLOWING_FOLLOWER_H_
