// Small random portals: a catalogue and logs that concentrate on what is hard.
//
// Few visitors on few paths, seconds apart or at the very edge of a timeout, with
// ties, disorder, changes of week and of summer time, and lines that fit nothing.
// The same seed gives the same portal on every machine.

#ifndef CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_
#define CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace civlog::oracle {

struct RandomPortal {
  std::string catalog;                                    // TOML, "" for none
  std::vector<std::pair<std::string, std::string>> logs;  // name, text
};

RandomPortal MakeRandomPortal(uint64_t seed);

// The same with the logs of `draws` portals of one catalogue, so that some figures are
// large and others small.
RandomPortal MakeBusyPortal(uint64_t seed, size_t draws);

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_RANDOM_PORTAL_H_
