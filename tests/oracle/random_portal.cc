#include "tests/oracle/random_portal.h"

#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/oracle/random_catalog.h"
#include "tests/oracle/random_log.h"
#include "tests/oracle/random_source.h"

namespace civlog::oracle {
namespace {

// A zone and a moment in it at which something happens.
struct Moment {
  const char* zone;
  absl::CivilSecond local;
};

const std::vector<Moment>& Moments() {
  static const auto& moments = *new std::vector<Moment>{
      {"Asia/Seoul", absl::CivilSecond(2026, 11, 16, 10, 0, 0)},
      {"Asia/Seoul", absl::CivilSecond(2026, 11, 22, 23, 30, 0)},  // a Sunday
      {"UTC", absl::CivilSecond(2026, 11, 16, 23, 50, 0)},
      {"UTC", absl::CivilSecond(2027, 1, 3, 23, 40, 0)},           // the last Sunday of week 53
      {"Europe/Berlin", absl::CivilSecond(2026, 3, 29, 1, 0, 0)},  // summer time begins
      {"Europe/Berlin", absl::CivilSecond(2026, 10, 25, 1, 0, 0)},
      {"America/New_York", absl::CivilSecond(2026, 3, 8, 1, 0, 0)},
      {"America/New_York", absl::CivilSecond(2026, 11, 1, 0, 30, 0)},
      {"Asia/Kathmandu", absl::CivilSecond(2026, 11, 22, 23, 30, 0)},
      {"America/St_Johns", absl::CivilSecond(2026, 3, 8, 1, 0, 0)},
      {"Australia/Lord_Howe", absl::CivilSecond(2026, 4, 5, 0, 0, 0)},  // by half an hour
      {"Australia/Lord_Howe", absl::CivilSecond(2026, 10, 4, 0, 30, 0)},
      {"Pacific/Chatham", absl::CivilSecond(2026, 4, 5, 2, 0, 0)},
      {"Pacific/Apia", absl::CivilSecond(2026, 6, 14, 23, 30, 0)}};
  return moments;
}

}  // namespace

RandomPortal MakeRandomPortal(uint64_t seed) { return MakeBusyPortal(seed, 1); }

RandomPortal MakeBusyPortal(uint64_t seed, size_t draws) {
  Random random(seed);
  const Moment& moment = random.Pick(Moments());
  const bool without_catalog = random.Chance(10);
  absl::TimeZone zone;
  absl::LoadTimeZone(moment.zone, &zone);
  const int64_t begin_s =
      absl::ToUnixSeconds(absl::FromCivil(moment.local, zone)) + random.Between(-3600, 3600);
  RandomCatalog catalog = MakeRandomCatalog(moment.zone, begin_s, &random);
  if (without_catalog) {
    catalog.toml.clear();
    catalog.zone = "UTC";
  }
  RandomPortal portal;
  for (size_t draw = 0; draw < draws; ++draw) {
    for (auto& [name, text] : MakeRandomLogs(catalog, begin_s, &random)) {
      portal.logs.emplace_back(draw == 0 ? name : std::to_string(draw) + "." + name,
                               std::move(text));
    }
  }
  portal.catalog = catalog.toml;
  return portal;
}

}  // namespace civlog::oracle
