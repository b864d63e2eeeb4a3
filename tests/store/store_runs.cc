#include "tests/store/store_runs.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include "tests/oracle/random_portal.h"

namespace civlog {
namespace {

constexpr char kCatalogName[] = "portal.toml";

}  // namespace

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

PortalFiles PortalFiles::Random(uint64_t seed) {
  PortalFiles files;
  oracle::RandomPortal portal = oracle::MakeRandomPortal(seed);
  for (auto& [name, text] : portal.logs) {
    // A line without an end would wait for it.
    if (!text.empty() && text.back() != '\n') text.push_back('\n');
    WriteFile(files.file(name), text);
    files.logs.push_back(name);
  }
  files.has_catalog = !portal.catalog.empty();
  if (files.has_catalog) WriteFile(files.file(kCatalogName), portal.catalog);
  return files;
}

PortalFiles PortalFiles::Demonstration(size_t lines) {
  const std::string hanbit = std::string(CIVLOG_SOURCE_DIR) + "/fixtures/hanbit/";
  const std::string log = ReadFile(hanbit + "logs/web1.access.log");
  size_t end = 0;
  for (; lines > 0 && end < log.size(); --lines) end = log.find('\n', end) + 1;
  PortalFiles files = Of(ReadFile(hanbit + "civlog.toml"), log.substr(0, end));
  // What its catalogue names.
  WriteFile(files.file("channels.csv"), ReadFile(hanbit + "channels.csv"));
  return files;
}

PortalFiles PortalFiles::Of(const std::string& catalog, const std::string& log) {
  PortalFiles files;
  files.has_catalog = !catalog.empty();
  if (files.has_catalog) WriteFile(files.file(kCatalogName), catalog);
  WriteFile(files.file("access.log"), log);
  files.logs = {"access.log"};
  return files;
}

Invocation PortalFiles::Ingest(const std::vector<std::string>& more) const {
  Invocation invocation;
  invocation.directory = directory();
  invocation.command = {CIVLOG_PROGRAM, "ingest", "--quiet", "--store", store()};
  if (has_catalog) invocation.command.insert(invocation.command.end(), {"-c", kCatalogName});
  invocation.command.insert(invocation.command.end(), more.begin(), more.end());
  invocation.command.insert(invocation.command.end(), logs.begin(), logs.end());
  return invocation;
}

Completed PortalFiles::Run(const std::vector<std::string>& arguments) const {
  Invocation invocation;
  invocation.directory = directory();
  invocation.command = {CIVLOG_PROGRAM};
  invocation.command.insert(invocation.command.end(), arguments.begin(), arguments.end());
  return RunProgram(invocation);
}

nlohmann::json PortalFiles::Analyzed(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {"analyze", "--quiet", "--json"};
  if (has_catalog) arguments.insert(arguments.end(), {"-c", kCatalogName});
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.insert(arguments.end(), logs.begin(), logs.end());
  return ComparableFigures(Run(arguments).out);
}

}  // namespace civlog
