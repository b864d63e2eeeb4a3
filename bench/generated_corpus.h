// A log that civlog-generate made, with what it planted.

#ifndef CIVLOG_BENCH_GENERATED_CORPUS_H_
#define CIVLOG_BENCH_GENERATED_CORPUS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace civlog {

// The environment variable `name`, or `otherwise` where it is not set.
std::string Setting(const char* name, const std::string& otherwise);

// In a directory of its own below CIVLOG_BENCH_DIR (or the one for temporary files),
// removed with the object.
class GeneratedCorpus {
 public:
  // `bytes` and `options` as civlog-generate takes them.
  GeneratedCorpus(const std::string& bytes, const std::vector<std::string>& options);
  ~GeneratedCorpus();
  GeneratedCorpus(const GeneratedCorpus&) = delete;
  GeneratedCorpus& operator=(const GeneratedCorpus&) = delete;

  // False, with a message on standard error, where it could not be made.
  bool ok() const { return ok_; }
  const std::string& directory() const { return directory_; }
  std::string logs() const { return directory_ + "/logs"; }
  // Of the logs, as they stand on disk.
  uint64_t bytes() const;
  // `civlog analyze` of it with the demonstration portal's catalogue.
  std::vector<std::string> Command(const std::string& program, int64_t threads) const;
  // How the report of `program` differs from what was planted; "" where it does not.
  std::string Difference(const std::string& program) const;

 private:
  std::string directory_;
  bool ok_ = false;
};

}  // namespace civlog

#endif  // CIVLOG_BENCH_GENERATED_CORPUS_H_
