// Days and weeks out of a store, and its views, against analyses of the logs.

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/oracle/random_source.h"
#include "tests/store/store_runs.h"

namespace civlog {
namespace {

using oracle::Random;

std::string CatalogOf(const std::string& zone) {
  return "[portal]\ntime_zone = \"" + zone + R"("
[[service]]
id = "certificate"
kind = "transaction"
department = "Civil Affairs"
routes = ["/cert/**"]
steps = [
  { name = "start", route = "GET /cert/apply" },
  { name = "pay", route = "POST /cert/pay" },
  { name = "done", route = "GET /cert/done" },
]
[[service]]
id = "petitions"
kind = "participation"
tier = "consult"
routes = ["/petition/**"]
acts = [{ name = "sign", route = "POST /petition/{id}/sign" }]
)";
}

// Visits at random times, but none within an hour of midnight, so that none is of two days;
// the last request of a day comes when every attempt has ended.
std::string DaysOfRequests(absl::TimeZone zone, absl::CivilDay first, int days, Random* random) {
  const std::vector<std::string> requests = {
      "GET /cert/apply", "POST /cert/pay",        "GET /cert/done", "GET /petition/7",
      "GET /news/today", "POST /petition/7/sign", "GET /cert/help"};
  std::map<int64_t, std::string> lines;
  for (absl::CivilDay day = first; day < first + days; ++day) {
    const absl::Time noon = absl::FromCivil(absl::CivilHour(day) + 12, zone);
    const absl::Time last = noon + absl::Minutes(11 * 60 + 20);
    lines[absl::ToUnixSeconds(last) * 1000] =
        "192.0.2.200 - - [" + absl::FormatTime("%d/%b/%Y:%H:%M:%S %z", last, zone) +
        "] \"GET /news/today HTTP/1.1\" 200 17 \"-\" \"Mozilla/5.0 (X11) Firefox/130.0\" 5000\n";
    for (size_t i = 0; i < 40; ++i) {
      absl::Time time = noon + absl::Seconds(random->Between(-10 * 3600, 10 * 3600));
      const std::string client = "192.0.2." + std::to_string(1 + random->Below(9));
      for (size_t request = 1 + random->Below(4); request > 0; --request) {
        const int64_t latency_us = random->Between(1000, 900'000);
        lines[absl::ToUnixSeconds(time) * 1000 + static_cast<int64_t>(lines.size() % 1000)] =
            client + " - - [" + absl::FormatTime("%d/%b/%Y:%H:%M:%S %z", time, zone) + "] \"" +
            random->Pick(requests) + " HTTP/1.1\" " + (random->Chance(8) ? "500" : "200") +
            " 17 \"-\" \"Mozilla/5.0 (X11) Firefox/130.0\" " + std::to_string(latency_us) + "\n";
        time += absl::Seconds(random->Between(1, 200));
      }
    }
  }
  std::string log;
  for (const auto& [time, line] : lines) log += line;
  return log;
}

constexpr char kFormat[] = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D";

// What a store does not know of a part of a week.
nlohmann::json OfAnyDays(nlohmann::json figures) {
  figures.erase("top");
  figures["unclassified"].erase("top_paths");
  figures.erase("period");
  figures.erase("notes");
  figures["lines"].erase("outside_period");
  figures["lines"].erase("read");
  for (nlohmann::json& service : figures["services"]) {
    service.erase("visitors");
    service.erase("visitors_exact");
    if (service["attempts"].is_null()) continue;
    service["attempts"].erase("completed_visitors");
    service["attempts"].erase("of_completed_visitors");
  }
  return figures;
}

nlohmann::json OfWholeWeeks(nlohmann::json figures) {
  figures.erase("period");
  figures["lines"].erase("outside_period");
  figures["lines"].erase("read");
  return figures;
}

std::string Day(absl::CivilDay day) { return absl::FormatCivilTime(day); }

class SpansTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { ASSERT_TRUE(absl::LoadTimeZone(GetParam(), &zone_)); }
  // Of the second week before summer time begins or ends, where there is one.
  static absl::CivilDay Monday() {
    const bool in_berlin = std::string(GetParam()) == "Europe/Berlin";
    return in_berlin ? absl::CivilDay(2026, 10, 12) : absl::CivilDay(2026, 9, 21);
  }
  absl::TimeZone zone_;
};

// Three weeks around the change of summer time.
TEST_P(SpansTest, DaysAndWeeksAreAsAnalysesOfTheirLines) {
  const absl::CivilDay monday = Monday();
  Random random(17);
  const PortalFiles portal =
      PortalFiles::Of(CatalogOf(GetParam()), DaysOfRequests(zone_, monday, 21, &random));
  const std::vector<std::string> format = {"--log-format", kFormat};
  std::vector<std::string> in_steps = format;
  in_steps.insert(in_steps.end(), {"--checkpoint-every", "0s", "--block-bytes", "9000"});
  ASSERT_EQ(RunProgram(portal.Ingest(in_steps)).exit_code, 0);
  ASSERT_EQ(portal.Difference(portal.Analyzed(format)), "");

  const auto compare = [&](absl::CivilDay from, absl::CivilDay to, bool weeks) {
    SCOPED_TRACE(Day(from) + " to " + Day(to));
    std::vector<std::string> arguments = format;
    arguments.insert(arguments.end(), {"--since", Day(from), "--until", Day(to)});
    const nlohmann::json analyzed = portal.Analyzed(arguments);
    const absl::StatusOr<nlohmann::json> stored =
        FiguresOfStore(portal.store(), absl::FromCivil(from, zone_), absl::FromCivil(to, zone_));
    ASSERT_TRUE(stored.ok()) << stored.status();
    ASSERT_GT(analyzed["citizens"]["visits"], 0);
    const nlohmann::json patch =
        weeks ? nlohmann::json::diff(OfWholeWeeks(analyzed), OfWholeWeeks(*stored))
              : nlohmann::json::diff(OfAnyDays(analyzed), OfAnyDays(*stored));
    EXPECT_EQ(patch.dump(), "[]");
  };
  for (int day = 0; day < 21; ++day) compare(monday + day, monday + day + 1, false);
  for (int week = 0; week < 3; ++week) compare(monday + 7 * week, monday + 7 * week + 7, true);
  compare(monday + 7, monday + 21, true);
  // Days of one week: who came on two of them is one visitor.
  for (int day = 0; day < 5; ++day) compare(monday + 7 + day, monday + 7 + day + 3, false);
}

// Of whole days, which are read from sums, of times between them, and of hours.
TEST_P(SpansTest, QueriesAreThoseOfTheirLines) {
  const absl::CivilDay monday = Monday() + 7;
  Random random(18);
  const PortalFiles portal =
      PortalFiles::Of(CatalogOf(GetParam()), DaysOfRequests(zone_, monday, 9, &random));
  ASSERT_EQ(RunProgram(portal.Ingest({"--log-format", kFormat})).exit_code, 0);
  const std::string third = Day(monday + 2);
  const std::string eighth = Day(monday + 7);
  for (const std::vector<std::string>& period :
       std::vector<std::vector<std::string>>{{},
                                             {"--since", third},
                                             {"--until", eighth},
                                             {"--since", third, "--until", eighth},
                                             {"--since", third + "T00:30", "--until", eighth},
                                             {"--since", third, "--until", eighth + "T01:00"}}) {
    using Asked = std::pair<const char*, const char*>;  // --by, --select
    const char* const all = "requests,page_views,bytes_sent,visits,acts,started,completed";
    for (const auto& [by, select] :
         {Asked{"service", all}, Asked{"", all}, Asked{"day", all}, Asked{"hour", all},
          Asked{"week,service", all}, Asked{"department", "requests,page_views"},
          Asked{"kind,status_class", "requests"}, Asked{"bucket,audience", "requests"}}) {
      std::vector<std::string> question = {"query", "--json", "--select", select};
      if (*by != '\0') question.insert(question.end(), {"--by", by});
      question.insert(question.end(), period.begin(), period.end());
      SCOPED_TRACE(testing::PrintToString(question));
      std::vector<std::string> of_store = question;
      of_store.insert(of_store.end(), {"--store", portal.store()});
      std::vector<std::string> of_logs = question;
      of_logs.insert(of_logs.end(), {"-c", "portal.toml", "--log-format", kFormat});
      of_logs.insert(of_logs.end(), portal.logs.begin(), portal.logs.end());
      const Completed stored = portal.Run(of_store);
      const Completed asked = portal.Run(of_logs);
      ASSERT_EQ(stored.exit_code, 0) << stored.err;
      ASSERT_EQ(asked.exit_code, 0) << asked.err;
      const nlohmann::json rows = nlohmann::json::parse(asked.out)["rows"];
      EXPECT_FALSE(rows.empty());
      EXPECT_EQ(nlohmann::json::diff(nlohmann::json::parse(stored.out)["rows"], rows).dump(), "[]");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, SpansTest,
                         testing::Values("Asia/Seoul", "Europe/Berlin", "Australia/Lord_Howe"),
                         [](const auto& zone) {
                           std::string name = zone.param;
                           return name.substr(name.find('/') + 1, 4);
                         });

// Rows of a query, by column.
std::vector<std::map<std::string, std::string>> Rows(const std::string& path,
                                                     const std::string& sql) {
  using Row = std::map<std::string, std::string>;
  std::vector<Row> rows;
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  const auto add = [](void* to, int columns, char** values, char** names) {
    Row& row = static_cast<std::vector<Row>*>(to)->emplace_back();
    for (int i = 0; i < columns; ++i) row[names[i]] = values[i] != nullptr ? values[i] : "NULL";
    return 0;
  };
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), add, &rows, &error), SQLITE_OK) << error;
  sqlite3_free(error);
  sqlite3_close(database);
  return rows;
}

// The demonstration portal's week.
class ViewsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    portal_ = new PortalFiles(PortalFiles::Demonstration(100'000));
    ASSERT_EQ(RunProgram(portal_->Ingest()).exit_code, 0);
    figures_ = new nlohmann::json(portal_->Analyzed());
  }
  static void TearDownTestSuite() {
    delete portal_;
    delete figures_;
  }
  static std::vector<std::map<std::string, std::string>> Query(const std::string& sql) {
    return Rows(portal_->store(), sql);
  }
  static std::string Text(const nlohmann::json& number) { return number.dump(); }
  static const nlohmann::json& figures() { return *figures_; }

 private:
  static inline PortalFiles* portal_ = nullptr;
  static inline nlohmann::json* figures_ = nullptr;
};

TEST_F(ViewsTest, TrafficByHour) {
  const auto rows = Query(
      "SELECT hour, sum(requests) AS requests, sum(page_views) AS page_views, sum(bytes_sent) AS "
      "bytes_sent, sum(restated) AS restated, sum(iif(bucket = 'counted', status_5xx, 0)) AS "
      "errors FROM v_traffic_hourly GROUP BY hour ORDER BY hour");
  ASSERT_EQ(rows.size(), figures()["hours"].size());
  uint64_t bytes_sent = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const nlohmann::json& hour = figures()["hours"][i];
    EXPECT_EQ(rows[i].at("hour"), hour["hour"]);
    EXPECT_EQ(rows[i].at("requests"), Text(hour["requests"]));
    EXPECT_EQ(rows[i].at("page_views"), Text(hour["page_views"]));
    EXPECT_EQ(rows[i].at("restated"), "0");
    bytes_sent += std::stoull(rows[i].at("bytes_sent"));
  }
  EXPECT_EQ(bytes_sent, figures()["traffic"]["bytes_sent"]);
  for (const auto& row :
       Query("SELECT audience, sum(requests) AS requests FROM v_traffic_hourly GROUP BY 1")) {
    EXPECT_EQ(row.at("requests"),
              Text(figures()["traffic"]["by_audience"][row.at("audience")]["requests"]));
  }
  const auto buckets =
      Query("SELECT bucket, sum(requests) AS requests FROM v_traffic_hourly GROUP BY 1");
  EXPECT_EQ(buckets.size(), 5U);
  for (const auto& row : buckets) {
    const nlohmann::json& records = figures()["records"][row.at("bucket")];
    EXPECT_EQ(row.at("requests"), Text(records.is_object() ? records["total"] : records));
  }
}

TEST_F(ViewsTest, ServicesByDay) {
  size_t seen = 0;
  for (const nlohmann::json& service : figures()["services"]) {
    const auto rows = Query(
        "SELECT count(*) AS days, min(date) AS first, sum(requests) AS requests, sum(page_views) "
        "AS page_views, sum(visits) AS visits, sum(acts) AS acts, sum(acting_visits) AS "
        "acting_visits, min(kind) AS kind, min(department) AS department, min(name) AS name, "
        "sum(server_errors) AS server_errors FROM v_services_daily WHERE service = '" +
        service["id"].get<std::string>() + "'");
    ASSERT_EQ(rows.size(), 1U);
    if (rows[0].at("days") == "0") continue;
    ++seen;
    EXPECT_GE(rows[0].at("first"), "2026-11-16");
    for (const char* column : {"requests", "page_views", "visits", "acts", "acting_visits"}) {
      EXPECT_EQ(rows[0].at(column), Text(service[column])) << column << " of " << service["id"];
    }
    EXPECT_EQ(rows[0].at("server_errors"), Text(service["status"]["5xx"]));
    EXPECT_EQ(rows[0].at("kind"), service["kind"]);
    EXPECT_EQ(rows[0].at("name"), service["name"]);
  }
  EXPECT_GT(seen, 10U);
}

TEST_F(ViewsTest, CompletionByWeek) {
  size_t seen = 0;
  for (const nlohmann::json& service : figures()["services"]) {
    const nlohmann::json& attempts = service["attempts"];
    if (attempts.is_null() || attempts["started"] == 0) continue;
    const auto rows = Query("SELECT * FROM v_completion_weekly WHERE service = '" +
                            service["id"].get<std::string>() + "'");
    ASSERT_EQ(rows.size(), 1U);
    ++seen;
    EXPECT_EQ(rows[0].at("iso_week"), "2026-W47");
    EXPECT_EQ(rows[0].at("monday"), "2026-11-16");
    for (const char* column : {"started", "granted", "refused", "failed", "abandoned", "open",
                               "without_start", "recovered"}) {
      EXPECT_EQ(rows[0].at(column), Text(attempts[column])) << column << " of " << service["id"];
    }
    const nlohmann::json& rate = service["completion_rate"]["value"];
    if (rate.is_null()) {
      EXPECT_EQ(rows[0].at("completion_rate"), "NULL");
    } else {
      EXPECT_NEAR(std::stod(rows[0].at("completion_rate")), rate.get<double>(), 1e-6);
    }
  }
  EXPECT_GT(seen, 3U);
}

TEST_F(ViewsTest, ParticipationByWeek) {
  const auto rows = Query("SELECT * FROM v_participation_weekly");
  ASSERT_EQ(rows.size(), 1U);
  const nlohmann::json& rates = figures()["rates"];
  EXPECT_EQ(rows[0].at("iso_week"), "2026-W47");
  EXPECT_EQ(rows[0].at("visits"), Text(figures()["citizens"]["visits"]));
  EXPECT_EQ(rows[0].at("acting_visits"), Text(rates["interaction"]["numerator"]));
  EXPECT_EQ(rows[0].at("participating_visits"), Text(rates["participation"]["numerator"]));
  for (const char* tier : {"inform", "consult", "decide"}) {
    EXPECT_EQ(rows[0].at(std::string(tier) + "_visits"),
              Text(rates["participation"]["by_tier"][tier]["numerator"]));
  }
  EXPECT_NEAR(std::stod(rows[0].at("interaction_rate")),
              rates["interaction"]["value"].get<double>(), 1e-6);
  EXPECT_NEAR(std::stod(rows[0].at("participation_rate")),
              rates["participation"]["value"].get<double>(), 1e-6);
}

TEST_F(ViewsTest, Steps) {
  size_t seen = 0;
  for (const nlohmann::json& service : figures()["services"]) {
    for (size_t step = 0; step < service["steps"].size(); ++step) {
      const auto rows = Query(
          "SELECT min(name) AS name, sum(reached) AS reached, sum(left_after_error) AS "
          "left_after_error FROM v_steps WHERE service = '" +
          service["id"].get<std::string>() + "' AND step = " + std::to_string(step + 1));
      ASSERT_EQ(rows.size(), 1U);
      if (rows[0].at("reached") == "NULL") continue;
      ++seen;
      EXPECT_EQ(rows[0].at("name"), service["steps"][step]["name"]);
      EXPECT_EQ(rows[0].at("reached"), Text(service["steps"][step]["reached"]));
      EXPECT_EQ(rows[0].at("left_after_error"), Text(service["steps"][step]["left_after_error"]));
    }
  }
  EXPECT_GT(seen, 10U);
}

TEST_F(ViewsTest, Rejections) {
  std::set<std::string> dates;
  for (const auto& row : Query("SELECT * FROM v_rejections")) {
    EXPECT_EQ(row.at("source"), "access.log");
    dates.insert(row.at("date"));
  }
  EXPECT_GT(dates.size(), 3U);
  for (const auto& row : Query("SELECT reason, sum(lines) AS lines FROM v_rejections GROUP BY 1")) {
    EXPECT_EQ(row.at("lines"), Text(figures()["lines"]["rejected"][row.at("reason")]));
  }
  EXPECT_EQ(Query("SELECT sum(lines) AS lines FROM v_rejections")[0].at("lines"),
            Text(figures()["lines"]["rejected"]["total"]));
}

TEST_F(ViewsTest, Sources) {
  const auto rows = Query("SELECT * FROM v_sources");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("name"), "access.log");
  EXPECT_EQ(rows[0].at("format"), "vhost_combined");
  EXPECT_EQ(rows[0].at("lines"), Text(figures()["lines"]["read"]));
  EXPECT_EQ(rows[0].at("rejected"), Text(figures()["lines"]["rejected"]["total"]));
  EXPECT_LT(rows[0].at("first_record"), rows[0].at("last_record"));
}

TEST_F(ViewsTest, WeeksHaveTheirIsoNames) {
  const auto rows = Query("SELECT * FROM v_weeks");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("iso_week"), "2026-W47");
}

}  // namespace
}  // namespace civlog
