// Catalogues that change from one run to the next, over one store.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "engine/catalog.h"
#include "engine/store_care.h"
#include "engine/store_reader.h"
#include "queries/analysis_json.h"
#include "queries/stored_analysis.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using testing::HasSubstr;

constexpr int kUsageError = 2;

constexpr char kHead[] = "[portal]\ntime_zone = \"Asia/Seoul\"\n";
constexpr char kCertificate[] = R"(
[[service]]
id = "certificate"
name = "Certificate"
kind = "transaction"
routes = ["/cert/**"]
steps = [{ name = "start", route = "GET /cert/apply" }, { name = "done", route = "POST /cert/done" }]
)";
// The same service after the portal was rebuilt.
constexpr char kRebuiltCertificate[] = R"(
[[service]]
id = "certificate"
name = "Certificates, all"
department = "Civil Affairs"
kind = "transaction"
routes = ["/cert/**", "/new/cert/**"]
steps = [
  { name = "start", routes = ["GET /new/cert", "GET /cert/apply"] },
  { name = "pay", route = "POST /new/cert/pay" },
  { name = "done", route = "POST /new/cert/done" },
]
)";
constexpr char kPetitions[] = R"(
[[service]]
id = "petitions"
kind = "participation"
tier = "consult"
routes = ["/petition/**"]
acts = [{ name = "sign", route = "POST /petition/sign" }]
)";
constexpr char kPool[] = R"(
[[service]]
id = "pool"
kind = "information"
routes = ["/pool/**"]
)";

std::string Line(const std::string& clock, const std::string& request,
                 const std::string& client = "192.0.2.1") {
  return client + " - - [16/Nov/2026:" + clock + " +0900] \"" + request +
         " HTTP/1.1\" 200 17 \"-\" \"Mozilla/5.0 (X11) Firefox/130.0\"\n";
}

nlohmann::json ServiceOf(const nlohmann::json& figures, const std::string& id) {
  for (const nlohmann::json& service : figures["services"]) {
    if (service["id"] == id) return service;
  }
  return nullptr;
}

// Runs that each bring a catalogue and more lines.
class Changes {
 public:
  Completed Add(const std::string& catalog, const std::string& lines,
                const std::vector<std::string>& more = {}) {
    WriteFile(portal_.file("portal.toml"), catalog);
    portal_.has_catalog = !catalog.empty();
    AppendToFile(portal_.file("access.log"), lines);
    Completed run = RunProgram(portal_.Ingest(more));
    return run;
  }
  nlohmann::json Figures() const {
    EXPECT_TRUE(CheckStore(portal_.store()).ok()) << CheckStore(portal_.store());
    return FiguresOfStore(portal_.store()).value_or(nullptr);
  }
  const PortalFiles& portal() const { return portal_; }

 private:
  PortalFiles portal_ = PortalFiles::Of("", "");
};

TEST(CatalogChangesTest, ServicesComeAndGoAndKeepTheirFigures) {
  Changes changes;
  ASSERT_EQ(changes
                .Add(std::string(kHead) + kCertificate + kPetitions,
                     Line("10:00:00", "GET /cert/apply") + Line("10:01:00", "POST /cert/done") +
                         Line("10:02:00", "GET /petition/1") + Line("10:03:00", "GET /pool/x"))
                .exit_code,
            0);
  const std::string digest = changes.Figures()["generator"]["catalog_digest"];
  // Petitions are gone, the pool is new and stands first, the certificate has another name.
  ASSERT_EQ(changes
                .Add(std::string(kHead) + kPool + kRebuiltCertificate,
                     Line("12:00:00", "GET /cert/apply") + Line("12:02:00", "GET /petition/1") +
                         Line("12:03:00", "GET /pool/x"))
                .exit_code,
            0);
  const nlohmann::json figures = changes.Figures();
  EXPECT_NE(figures["generator"]["catalog_digest"], digest);
  EXPECT_EQ(ServiceOf(figures, "certificate")["requests"], 3);
  EXPECT_EQ(ServiceOf(figures, "certificate")["name"], "Certificates, all");
  EXPECT_EQ(ServiceOf(figures, "certificate")["attempts"]["started"], 2);
  EXPECT_EQ(ServiceOf(figures, "certificate")["attempts"]["granted"], 1);
  EXPECT_EQ(ServiceOf(figures, "petitions")["requests"], 1);
  EXPECT_EQ(ServiceOf(figures, "petitions")["kind"], "participation");
  EXPECT_EQ(ServiceOf(figures, "pool")["requests"], 1);
  EXPECT_EQ(figures["unclassified"]["requests"], 2);
  EXPECT_EQ(WhatDoesNotAddUp(figures), "");
  // In the order of the catalogue, and what is gone at the end.
  EXPECT_EQ(figures["services"].front()["id"], "pool");
  EXPECT_EQ(figures["services"].back()["id"], "petitions");

  // Which catalogue made the figures of a day.
  const auto reader = StoreReader::Open(changes.portal().store());
  ASSERT_TRUE(reader.ok()) << reader.status();
  const absl::Time day = absl::FromCivil(absl::CivilDay(2026, 11, 16), (*reader)->zone());
  const auto catalogs = (*reader)->CatalogsOf(day, day + absl::Hours(24));
  ASSERT_TRUE(catalogs.ok()) << catalogs.status();
  ASSERT_EQ(catalogs->size(), 2U);
  EXPECT_EQ(catalogs->front().substr(0, digest.size()), digest);

  // And the first catalogue again: all is where it was.
  ASSERT_EQ(changes
                .Add(std::string(kHead) + kCertificate + kPetitions,
                     Line("14:02:00", "POST /petition/sign"))
                .exit_code,
            0);
  const nlohmann::json again = changes.Figures();
  EXPECT_EQ(ServiceOf(again, "petitions")["requests"], 2);
  EXPECT_EQ(ServiceOf(again, "petitions")["acts"], 1);
  EXPECT_EQ(ServiceOf(again, "pool")["requests"], 1);
  EXPECT_EQ(again["generator"]["catalog_digest"], digest);
}

TEST(CatalogChangesTest, AnAttemptGoesOnThroughARebuildOfThePortal) {
  Changes changes;
  ASSERT_EQ(
      changes.Add(std::string(kHead) + kCertificate, Line("10:00:00", "GET /cert/apply")).exit_code,
      0);
  EXPECT_EQ(ServiceOf(changes.Figures(), "certificate")["attempts"]["open"], 1);
  ASSERT_EQ(changes
                .Add(std::string(kHead) + kPool + kRebuiltCertificate,
                     Line("10:10:00", "POST /new/cert/pay") + Line("10:11:00", "GET /pool/1") +
                         Line("10:12:00", "POST /new/cert/done"))
                .exit_code,
            0);
  const nlohmann::json figures = changes.Figures();
  EXPECT_EQ(ServiceOf(figures, "certificate")["attempts"]["started"], 1);
  EXPECT_EQ(ServiceOf(figures, "certificate")["attempts"]["granted"], 1);
  EXPECT_EQ(ServiceOf(figures, "certificate")["time_to_complete_s"]["count"], 1);
  EXPECT_EQ(figures["citizens"]["visits"], 1);
}

TEST(CatalogChangesTest, WhatWaitsIsOfARouteThatIsGone) {
  Changes changes;
  // The lines of the last minute wait for others to come, with their routes.
  ASSERT_EQ(changes
                .Add(std::string(kHead) + kCertificate + kPetitions,
                     Line("10:00:00", "GET /petition/1") + Line("10:00:50", "POST /petition/sign"))
                .exit_code,
            0);
  ASSERT_EQ(changes.Add(std::string(kHead) + kPool, Line("10:20:00", "GET /pool/1")).exit_code, 0);
  const nlohmann::json figures = changes.Figures();
  EXPECT_EQ(ServiceOf(figures, "petitions")["requests"], 2);
  EXPECT_EQ(ServiceOf(figures, "petitions")["visits"], 1);
  EXPECT_EQ(figures["citizens"]["visits"], 1);
  EXPECT_EQ(WhatDoesNotAddUp(figures), "");
}

TEST(CatalogChangesTest, AStoreWithoutACatalogueGetsOne) {
  Changes changes;
  const std::string lines = Line("01:00:00", "GET /cert/apply") + Line("01:01:00", "GET /pool/x");
  ASSERT_EQ(changes.Add("", lines).exit_code, 0);
  EXPECT_EQ(ServiceOf(changes.Figures(), "cert")["requests"], 1);
  // It counts the days of UTC, and that stays.
  const Completed refused =
      changes.Add(std::string(kHead) + kCertificate, Line("02:00:00", "GET /cert/apply"));
  EXPECT_EQ(refused.exit_code, kUsageError);
  EXPECT_THAT(refused.err, HasSubstr("counts the days of UTC, not of Asia/Seoul"));
  EXPECT_EQ(changes.Figures()["lines"]["read"], 2);
  ASSERT_EQ(
      changes.Add(std::string("[portal]\ntime_zone = \"UTC\"\n") + kCertificate, "").exit_code, 0);
  const nlohmann::json figures = changes.Figures();
  EXPECT_EQ(figures["lines"]["read"], 3);
  EXPECT_EQ(ServiceOf(figures, "certificate")["requests"], 1);
  EXPECT_EQ(ServiceOf(figures, "cert")["requests"], 1);
  EXPECT_EQ(ServiceOf(figures, "pool")["requests"], 1);
  EXPECT_EQ(WhatDoesNotAddUp(figures), "");
  // Left out, the last one is taken.
  ASSERT_EQ(changes.Add("", Line("03:00:00", "GET /cert/apply")).exit_code, 0);
  EXPECT_EQ(ServiceOf(changes.Figures(), "certificate")["requests"], 2);
}

TEST(CatalogChangesTest, AnotherTimeZoneIsRefused) {
  Changes changes;
  ASSERT_EQ(changes.Add(std::string(kHead) + kCertificate, Line("10:00:00", "GET /")).exit_code, 0);
  const nlohmann::json before = changes.Figures();
  const Completed run = changes.Add(std::string(kHead) + kCertificate, Line("10:01:00", "GET /"),
                                    {"--time-zone", "Europe/Berlin"});
  EXPECT_EQ(run.exit_code, kUsageError);
  EXPECT_THAT(run.err, HasSubstr("counts the days of Asia/Seoul, not of Europe/Berlin: go on with "
                                 "that time zone, or begin a new store"));
  EXPECT_EQ(changes.Figures(), before);
}

}  // namespace
}  // namespace civlog
