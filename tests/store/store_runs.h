// A portal's logs, runs of the program that add them to a store, and the figures of both.

#ifndef CIVLOG_TESTS_STORE_STORE_RUNS_H_
#define CIVLOG_TESTS_STORE_STORE_RUNS_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cases/program.h"
#include "tests/support/scratch.h"
#include "tests/support/store_figures.h"

namespace civlog {

// A number out of the environment.
uint64_t FromEnvironment(const char* name, uint64_t otherwise);

// Logs and a catalogue in a directory of their own, where the program runs.
class PortalFiles {
 public:
  // A random one, see tests/oracle/random_portal.h.
  static PortalFiles Random(uint64_t seed);
  // The first `lines` lines of the demonstration portal's first log.
  static PortalFiles Demonstration(size_t lines);
  // A log of one's own.
  static PortalFiles Of(const std::string& catalog, const std::string& log);

  const std::string& directory() const { return directory_->path(); }
  std::string store() const { return store_; }
  // In a directory of it.
  void KeepStoreIn(std::string_view name) { store_ = file(name) + "/portal.db"; }
  std::string file(std::string_view name) const { return *directory_ / name; }
  // As the program is told them: relative names.
  std::vector<std::string> logs;
  bool has_catalog = false;

  // The command line of `civlog ingest` over all logs, with `more` options.
  Invocation Ingest(const std::vector<std::string>& more = {}) const;
  // Runs any command of civlog's.
  Completed Run(const std::vector<std::string>& arguments) const;

  // The figures of one `civlog analyze` over all logs; null where it fails.
  nlohmann::json Analyzed(const std::vector<std::string>& more = {}) const;
  // What the store's figures have different from these; see tests/support/store_figures.h.
  std::string Difference(const nlohmann::json& analyzed) const {
    return DifferenceOfStore(store(), analyzed);
  }

 private:
  PortalFiles()
      : directory_(std::make_unique<ScratchDirectory>()), store_(*directory_ / "portal.db") {}
  std::unique_ptr<ScratchDirectory> directory_;
  std::string store_;
};

}  // namespace civlog

#endif  // CIVLOG_TESTS_STORE_STORE_RUNS_H_
