#include "bench/generated_corpus.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/child_process.h"
#include "bench/json_difference.h"

namespace civlog {

namespace fs = std::filesystem;

std::string Setting(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

GeneratedCorpus::GeneratedCorpus(const std::string& bytes,
                                 const std::vector<std::string>& options) {
  static int made = 0;
  const fs::path parent = Setting("CIVLOG_BENCH_DIR", fs::temp_directory_path().string());
  directory_ =
      parent / ("civlog_bench_" + std::to_string(::getpid()) + "_" + std::to_string(made++));
  std::vector<std::string> command = {CIVLOG_GENERATE, "--out", directory_, "--bytes", bytes};
  command.insert(command.end(), options.begin(), options.end());
  ok_ = RunChild(command).ok;
  if (!ok_) std::fprintf(stderr, "the corpus could not be made in %s\n", directory_.c_str());
}

GeneratedCorpus::~GeneratedCorpus() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

uint64_t GeneratedCorpus::bytes() const {
  uint64_t sum = 0;
  for (const auto& entry : fs::directory_iterator(logs())) sum += entry.file_size();
  return sum;
}

std::vector<std::string> GeneratedCorpus::Command(const std::string& program,
                                                  int64_t threads) const {
  return {program, "analyze",     "--json", "--no-progress",
          "-c",    CIVLOG_PORTAL, "-j",     std::to_string(threads),
          logs()};
}

std::string GeneratedCorpus::Difference(const std::string& program) const {
  const ChildRun run = RunChild(Command(program, 1));
  if (!run.ok) return program + " exited with " + std::to_string(run.exit_code);
  std::ifstream in(directory_ + "/expected.json");
  std::vector<std::string> differences;
  FindDifferences(nlohmann::json::parse(in, nullptr, false),
                  nlohmann::json::parse(run.output, nullptr, false), "", &differences);
  return differences.empty() ? "" : differences.front();
}

}  // namespace civlog
