// Completions by other channels than the portal: at the counter, by telephone, by
// post. Counted by the city, given in a file, and set against what was completed online.
//
//     service,week,channel,completions
//     resident-certificate,2026-W47,counter,412
//
// RFC 4180 with this header; a week is an ISO week, a channel any name but "online",
// which the logs tell of. No line of a service and week: nothing is known of it. No
// completion by a channel is a line with 0.

#ifndef CIVLOG_QUERIES_CHANNELS_H_
#define CIVLOG_QUERIES_CHANNELS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "engine/catalog.h"
#include "queries/analysis.h"

namespace civlog {

class ChannelCounts {
 public:
  // InvalidArgument with every error, one a line: file:line, what is wrong, remedy.
  // Services are those of `catalog`.
  static absl::StatusOr<ChannelCounts> Parse(std::string_view text, const std::string& file,
                                             const Catalog& catalog);
  // The same of a file. NotFound or another error, with the remedy, where it cannot be read.
  static absl::StatusOr<ChannelCounts> Load(const std::string& file, const Catalog& catalog);

  // Completions by channel in the week that begins on `monday`; null where none is given.
  const std::map<std::string, uint64_t>* Find(const std::string& service,
                                              absl::CivilDay monday) const;

 private:
  std::map<std::pair<std::string, absl::CivilDay>, std::map<std::string, uint64_t>> counts_;
};

// Sets other_channels and digital_take_up of the services that the counts have for every
// week of the period: online = granted + refused ÷ (online + other channels). Where the
// period is not whole ISO weeks, or a week has no line, they stay absent. Before disclosure
// control, which keeps them back like other counts.
void AddChannels(const ChannelCounts& counts, Analysis* analysis);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_CHANNELS_H_
