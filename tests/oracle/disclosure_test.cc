// No count that disclosure control keeps back can be computed from what it publishes.
//
// On random portals and on pieces of the demonstration portal's week. The mutations show
// that the test would find it if it were otherwise.
//
// CIVLOG_DISCLOSURE_SEEDS says how many portals.

#include "queries/disclosure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "queries/analysis_json.h"
#include "queries/department.h"
#include "queries/run_analysis.h"
#include "queries/statistics.h"
#include "tests/oracle/disclosure_attacker.h"
#include "tests/oracle/published_figures.h"
#include "tests/oracle/random_portal.h"
#include "tests/oracle/random_source.h"

namespace civlog::oracle {
namespace {

using nlohmann::json;

// What docs/metrics.md promises of every count of 1 to 9.
constexpr int64_t kLeastPossible = 3;

std::string ReadFile(const std::string& name) {
  std::ifstream in(CIVLOG_SOURCE_DIR "/fixtures/hanbit/" + name, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

size_t Seeds() {
  const char* seeds = std::getenv("CIVLOG_DISCLOSURE_SEEDS");
  return seeds == nullptr ? 24 : std::strtoull(seeds, nullptr, 10);
}

// A stretch of the demonstration portal's log.
RandomPortal PieceOfHanbit(uint64_t seed) {
  static const std::string& log = *new std::string(ReadFile("logs/web1.access.log"));
  static const std::string& catalog = *new std::string(ReadFile("civlog.toml"));
  Random random(seed);
  const size_t begin = log.find('\n', random.Below(log.size() / 2)) + 1;
  const size_t bytes = size_t{20'000} << random.Below(9);
  const size_t end = log.find('\n', std::min(begin + bytes, log.size() - 1)) + 1;
  return {catalog, {{"access.log", log.substr(begin, end - begin)}}};
}

RandomPortal PortalOf(size_t seed) {
  if (seed % 3 == 0) return PieceOfHanbit(seed);
  return MakeBusyPortal(seed, seed % 3 == 1 ? 3 : 30);
}

struct Publication {
  json published;
  json truth;
};

// Other channels than the logs', some of them small.
void AddRandomChannels(Analysis* analysis) {
  Random random(analysis->records);
  for (ServiceFigures& service : analysis->services) {
    if (!service.attempts || random.Chance(30)) continue;
    const uint64_t online = service.attempts->granted + service.attempts->refused;
    service.other_channels = {{"counter", random.Below(60)}, {"kiosk", random.Below(12)}};
    service.digital_take_up = Proportion(
        online, online + service.other_channels[0].count + service.other_channels[1].count);
  }
}

Publication Publish(const RandomPortal& portal) {
  absl::StatusOr<Analysis> analysis = AnalyzeMemory(portal.catalog, portal.logs, {1, 1 << 20});
  EXPECT_TRUE(analysis.ok()) << analysis.status();
  AddRandomChannels(&*analysis);
  Publication publication;
  publication.truth = json::parse(AnalysisToJson(*analysis, "en"));
  ApplyDisclosureControl(&*analysis);
  publication.published = json::parse(AnalysisToJson(*analysis, "en"));
  return publication;
}

void ForEachPortal(const std::function<void(size_t, const Publication&)>& visit) {
  for (size_t seed = 1; seed <= Seeds(); ++seed) visit(seed, Publish(PortalOf(seed)));
}

// Of a count of 1 to 9 so many of these are possible; any other can be another.
bool IsSafe(const Figure& figure, const Bounds& bounds) {
  if (!figure.small()) return bounds.width() >= 2 || figure.truth == 0;
  return std::min<int64_t>(bounds.high, 9) - std::max<int64_t>(bounds.low, 1) + 1 >= kLeastPossible;
}

// The figures of which too little stays possible.
std::vector<std::string> Exposed(const PublishedFigures& figures, Reading reading) {
  std::vector<std::string> exposed;
  const std::vector<Bounds> bounds = Attack(figures, reading);
  for (size_t i = 0; i < bounds.size(); ++i) {
    const Figure& figure = figures.figures()[i];
    if (!figure.kept_back() || IsSafe(figure, bounds[i])) continue;
    exposed.push_back(figure.name + ", " + std::to_string(figure.truth) + ", is in [" +
                      std::to_string(bounds[i].low) + ", " + std::to_string(bounds[i].high) + "]");
  }
  return exposed;
}

TEST(DisclosureTest, TheAttackersEquationsHold) {
  ForEachPortal([](size_t seed, const Publication& publication) {
    const PublishedFigures figures(publication.published, publication.truth);
    for (const std::string& fault : figures.faults()) ADD_FAILURE() << seed << ": " << fault;
  });
}

TEST(DisclosureTest, SmallCountsAreKeptBackAndOthersRounded) {
  size_t kept_back = 0;
  size_t shown = 0;
  ForEachPortal([&](size_t seed, const Publication& publication) {
    const PublishedFigures figures(publication.published, publication.truth);
    for (const Figure& figure : figures.figures()) {
      if (figure.hidden) continue;
      if (!figure.published) {
        ++kept_back;
        EXPECT_TRUE(figure.truth > 0 || figure.anonymous) << seed << ": " << figure.name;
        continue;
      }
      ++shown;
      EXPECT_FALSE(figure.small()) << seed << ": " << figure.name;
      EXPECT_EQ(*figure.published % 5, 0) << seed << ": " << figure.name;
      EXPECT_LE(std::abs(*figure.published - figure.truth), 2) << seed << ": " << figure.name;
    }
  });
  EXPECT_GT(kept_back, 1000u);
  EXPECT_GT(shown, 1000u);
}

TEST(DisclosureTest, NoCountThatIsKeptBackCanBeComputed) {
  ForEachPortal([](size_t seed, const Publication& publication) {
    const PublishedFigures figures(publication.published, publication.truth);
    for (const std::string& exposed : Exposed(figures, Reading::kRounded)) {
      ADD_FAILURE() << "seed " << seed << ": " << exposed;
    }
  });
}

// The proof: of every small count there is a portal with the same publication in which it
// is another.
TEST(DisclosureTest, AnotherPortalHasTheSamePublication) {
  size_t proven = 0;
  ForEachPortal([&](size_t seed, const Publication& publication) {
    const PublishedFigures figures(publication.published, publication.truth);
    for (size_t i = 0; i < figures.figures().size(); ++i) {
      const Figure& figure = figures.figures()[i];
      if (!figure.kept_back() || figure.truth == 0) continue;
      ++proven;
      EXPECT_TRUE(CanDiffer(figures, i))
          << "seed " << seed << ": " << figure.name << ", " << figure.truth;
    }
  });
  EXPECT_GT(proven, 1000u);
}

// Of every sum that is known to hold and whose parts are all shown, not one alone is kept back.
TEST(DisclosureTest, NoSumHasASingleUnknown) {
  ForEachPortal([](size_t seed, const Publication& publication) {
    const PublishedFigures figures(publication.published, publication.truth);
    for (const Equation& equation : figures.equations()) {
      std::vector<const Figure*> unknown;
      for (const Equation::Term& term : equation.terms) {
        const Figure& figure = figures.figures()[term.figure];
        if (figure.hidden || figure.kept_back()) unknown.push_back(&figure);
      }
      // A 0 that is told harms nobody.
      const bool single = unknown.size() == 1 && !unknown[0]->hidden && unknown[0]->truth > 0;
      if (single) ADD_FAILURE() << "seed " << seed << ": " << unknown[0]->name;
    }
  });
}

// A portal and all of its departments, published together: neither tells what another keeps
// back.
TEST(DisclosureTest, DepartmentsTellNothingOfEachOther) {
  for (size_t seed = 3; seed <= 3 * Seeds(); seed += 3) {
    const RandomPortal piece = PieceOfHanbit(seed);
    const auto truth = AnalyzeMemory(piece.catalog, piece.logs, {1, 1 << 20});
    ASSERT_TRUE(truth.ok()) << truth.status();
    std::vector<Analysis> analyses = {*truth};
    const CatalogResult parsed = ParseCatalog(piece.catalog, "civlog.toml");
    for (const LocalizedText& department : Departments(*parsed.catalog)) {
      analyses.push_back(OfDepartment(*truth, department));
    }
    std::vector<json> truths;
    std::vector<Analysis*> together;
    for (Analysis& analysis : analyses) {
      truths.push_back(json::parse(AnalysisToJson(analysis, "en")));
      together.push_back(&analysis);
    }
    ApplyDisclosureControl(together);
    const json portal = json::parse(AnalysisToJson(analyses[0], "en"));
    PublishedFigures figures(portal, truths[0]);
    for (size_t i = 1; i < analyses.size(); ++i) {
      const json part = json::parse(AnalysisToJson(analyses[i], "en"));
      figures.AddDepartment(part, truths[i]);
    }
    figures.TieDepartments();
    for (const std::string& fault : figures.faults()) ADD_FAILURE() << seed << ": " << fault;
    for (const std::string& exposed : Exposed(figures, Reading::kRounded)) {
      ADD_FAILURE() << "seed " << seed << ": " << exposed;
    }
    for (size_t i = 0; i < figures.figures().size(); ++i) {
      const Figure& figure = figures.figures()[i];
      if (!figure.kept_back() || figure.truth == 0) continue;
      EXPECT_TRUE(CanDiffer(figures, i)) << "seed " << seed << ": " << figure.name;
    }
  }
}

// A rate tells nothing that its numerator and denominator do not.
void ExpectRatesOfPublished(const json& value, const std::string& pointer) {
  if (value.is_object() && value.contains("numerator")) {
    const json& numerator = value["numerator"];
    const json& denominator = value["denominator"];
    if (numerator.is_null() || denominator.is_null() || denominator == 0) {
      EXPECT_TRUE(value["value"].is_null()) << pointer;
      if (value.contains("low")) {
        EXPECT_TRUE(value["low"].is_null() && value["high"].is_null()) << pointer;
      }
    } else if (!value["value"].is_null()) {
      const double n = numerator.get<double>();
      const double d = denominator.get<double>();
      EXPECT_DOUBLE_EQ(value["value"].get<double>(), n / d) << pointer;
      if (value.contains("low")) {
        // Wilson's interval, solved another way: the roots of (p - n/d)^2 = z^2 p (1-p) / d.
        const double z2 = 1.959963984540054 * 1.959963984540054;
        for (const char* end : {"low", "high"}) {
          const double p = value[end].get<double>();
          EXPECT_NEAR((p - n / d) * (p - n / d), z2 * p * (1 - p) / d, 1e-9) << pointer << end;
        }
      }
    }
  }
  if (!value.is_structured()) return;
  for (const auto& [key, part] : value.items()) {
    ExpectRatesOfPublished(part, pointer + "/" + key);
  }
}

TEST(DisclosureTest, RatesAreOfThePublishedCounts) {
  ForEachPortal([](size_t seed, const Publication& publication) {
    ExpectRatesOfPublished(publication.published, std::to_string(seed));
  });
}

TEST(DisclosureTest, NothingElseTellsCounts) {
  ForEachPortal([](size_t seed, const Publication& publication) {
    SCOPED_TRACE(seed);
    const json& p = publication.published;
    for (const char* list : {"pages", "not_found", "server_errors", "referrers"}) {
      EXPECT_TRUE(p["top"][list].empty());
    }
    EXPECT_TRUE(p["unclassified"]["top_paths"].empty());
    EXPECT_TRUE(p["lines"]["rejected_samples"].empty());
    EXPECT_TRUE(p["unmatched_routes"].empty());
    EXPECT_TRUE(p["notes"].empty());
    for (const auto& [audience, traffic] : p["traffic"]["by_audience"].items()) {
      EXPECT_TRUE(traffic["bytes_sent"].is_null());
    }
    const json& per_1000 = p["rates"]["participation"]["per_1000_residents"];
    if (!per_1000.is_null()) {
      const auto population = publication.truth["rates"]["participation"];
      const double before = population["per_1000_residents"].get<double>();
      const double numerator = population["numerator"].get<double>();
      const double published = p["rates"]["participation"]["numerator"].get<double>();
      EXPECT_NEAR(per_1000.get<double>() * numerator, before * published, 1e-6);
    }
  });
}

// How many portals something is exposed in once the publication is changed.
size_t Finds(const std::function<void(std::vector<Figure>*)>& mutate, Reading reading) {
  size_t found = 0;
  ForEachPortal([&](size_t, const Publication& publication) {
    PublishedFigures figures(publication.published, publication.truth);
    mutate(figures.mutable_figures());
    if (!Exposed(figures, reading).empty()) ++found;
  });
  return found;
}

int64_t Rounded(int64_t count) { return (count + 2) / 5 * 5; }

TEST(DisclosureMutationTest, WithoutFurtherCountsKeptBack) {
  EXPECT_GT(Finds(
                [](std::vector<Figure>* figures) {
                  for (Figure& figure : *figures) {
                    if (figure.kept_back() && !figure.small()) {
                      figure.published = Rounded(figure.truth);
                    }
                  }
                },
                Reading::kRounded),
            0u);
}

TEST(DisclosureMutationTest, WithoutRounding) {
  EXPECT_GT(Finds(
                [](std::vector<Figure>* figures) {
                  for (Figure& figure : *figures) {
                    if (figure.published) figure.published = figure.truth;
                  }
                },
                Reading::kExact),
            0u);
}

// One place of several that a figure stands in is forgotten.
TEST(DisclosureMutationTest, RatesThatStillShowTheirNumerators) {
  EXPECT_GT(Finds(
                [](std::vector<Figure>* figures) {
                  for (Figure& figure : *figures) {
                    if (figure.kept_back() && figure.name.ends_with("/numerator")) {
                      figure.published = figure.truth;
                    }
                  }
                },
                Reading::kExact),
            0u);
}

}  // namespace
}  // namespace civlog::oracle
