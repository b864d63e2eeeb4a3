// Random queries over random portals, against a naive evaluator over the oracle's
// records.
//
// CIVLOG_DIFFERENTIAL_SEEDS and CIVLOG_DIFFERENTIAL_FIRST as for the analysis.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/civil_time.h"
#include "queries/run_analysis.h"
#include "tests/oracle/oracle_requests.h"
#include "tests/oracle/random_portal.h"
#include "tests/oracle/random_source.h"

namespace civlog::oracle {
namespace {

constexpr int64_t kHour = 3600;
const std::string kAbsent = "(absent)";

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// What a test of `--where` says, in both languages.
struct Condition {
  std::string text;
  std::function<bool(const SeenRecord&)> holds;
};

// Values by their names, absent ones as kAbsent.
using Values = std::map<std::string, std::string>;

std::string OrAbsent(const std::string& text) { return text.empty() ? kAbsent : text; }

class NaivePortal {
 public:
  explicit NaivePortal(const RandomPortal& portal)
      : catalog_(ReadCatalog(portal.catalog)), requests_(ReadRequests(catalog_, portal.logs)) {}

  const Catalog& catalog() const { return catalog_; }
  const std::vector<SeenRecord>& seen() const { return requests_.seen; }

  int64_t LocalOf(int64_t time_s) const {
    return time_s + catalog_.zone.At(absl::FromUnixSeconds(time_s)).offset;
  }

  Values OfTime(int64_t time_s) const {
    const int64_t local = LocalOf(time_s);
    const auto floor = [](int64_t t, int64_t unit) { return t - ((t % unit) + unit) % unit; };
    const auto iso = [this](int64_t t) {
      return absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", absl::FromUnixSeconds(t), catalog_.zone);
    };
    const absl::CivilDay day(absl::CivilSecond(1970, 1, 1) + local);
    // The Thursday of its week decides the year.
    const absl::CivilDay thursday = absl::PrevWeekday(day + 1, absl::Weekday::monday) + 3;
    static const std::map<absl::Weekday, std::string> kNames = {
        {absl::Weekday::monday, "mon"},    {absl::Weekday::tuesday, "tue"},
        {absl::Weekday::wednesday, "wed"}, {absl::Weekday::thursday, "thu"},
        {absl::Weekday::friday, "fri"},    {absl::Weekday::saturday, "sat"},
        {absl::Weekday::sunday, "sun"}};
    const int number = (absl::GetYearDay(thursday) - 1) / 7 + 1;
    const std::string week =
        std::to_string(thursday.year()) + (number < 10 ? "-W0" : "-W") + std::to_string(number);
    return {{"minute", iso(floor(time_s, 60))},
            {"10min", iso(time_s - (local - floor(local, 600)))},
            {"hour", iso(time_s - (local - floor(local, kHour)))},
            {"day", absl::FormatCivilTime(day)},
            {"week", week},
            {"weekday", kNames.at(absl::GetWeekday(day))},
            {"hour_of_day", std::to_string((local - floor(local, 24 * kHour)) / kHour)}};
  }

  Values OfService(const std::string& id) const {
    Values values = {{"service", OrAbsent(id)}, {"kind", kAbsent}, {"department", kAbsent}};
    for (const Service& service : catalog_.services) {
      if (service.id != id) continue;
      values["kind"] = service.kind;
      values["department"] = OrAbsent(service.department);
    }
    return values;
  }

  Values Of(const SeenRecord& seen) const {
    const Request& request = seen.request;
    Values values = OfTime(request.time_s);
    values.merge(OfService(request.service));
    values["status"] = std::to_string(request.status);
    const int c = request.status / 100;
    values["status_class"] = c >= 1 && c <= 5 ? std::to_string(c) + "xx" : "other";
    values["method"] = OrAbsent(request.method);
    values["path"] = OrAbsent(request.target.path);
    values["host"] = OrAbsent(seen.host);
    values["audience"] = seen.audience;
    values["bucket"] = seen.bucket;
    values["step"] = kAbsent;
    if (request.route != nullptr) {
      const Route& route = *request.route;
      const Service& service = catalog_.services[route.service];
      if (route.role == Role::kStep) values["step"] = service.step_names[route.index];
      if (route.role == Role::kEnd) values["step"] = OrAbsent(service.end_names[route.index]);
    }
    return values;
  }

 private:
  Catalog catalog_;
  Requests requests_;
};

class RandomQuery {
 public:
  RandomQuery(uint64_t seed, const NaivePortal& portal) : random_(seed), portal_(portal) {}

  Condition MakeCondition(int depth) {
    const size_t kind = random_.Below(depth > 0 ? 6 : 3);
    if (kind < 3) return MakeTest();
    Condition a = MakeCondition(depth - 1);
    if (kind == 3) {
      return {"not (" + a.text + ")", [a](const SeenRecord& s) { return !a.holds(s); }};
    }
    Condition b = MakeCondition(depth - 1);
    if (kind == 4) {
      return {"(" + a.text + ") and (" + b.text + ")",
              [a, b](const SeenRecord& s) { return a.holds(s) && b.holds(s); }};
    }
    return {"(" + a.text + " or (" + b.text + "))",
            [a, b](const SeenRecord& s) { return a.holds(s) || b.holds(s); }};
  }

  std::vector<std::string> Some(const std::vector<std::string>& names, size_t most) {
    std::set<std::string> chosen;
    for (size_t i = random_.Below(most + 1); i > 0; --i) chosen.insert(random_.Pick(names));
    return {chosen.begin(), chosen.end()};
  }
  size_t Below(size_t n) { return random_.Below(n); }

 private:
  SeenRecord AnySeen() {
    if (portal_.seen().empty()) return {};
    return portal_.seen()[random_.Below(portal_.seen().size())];
  }

  Condition MakeTest() {
    static const std::vector<std::string> kTexts = {
        "method", "path",    "host",         "service", "audience",  "bucket",
        "kind",   "weekday", "status_class", "step",    "department"};
    switch (random_.Below(5)) {
      case 0: {
        const std::string op =
            random_.Pick(std::vector<std::string>{"=", "!=", "<", "<=", ">", ">="});
        const int status = AnySeen().request.status;
        return {"status " + op + " " + std::to_string(status), [op, status](const SeenRecord& s) {
                  return Compare(s.request.status, status, op);
                }};
      }
      case 1: {
        const int64_t bytes = AnySeen().bytes;
        return {"bytes_sent > " + std::to_string(bytes),
                [bytes](const SeenRecord& s) { return s.bytes > bytes; }};
      }
      case 2: {
        const int64_t time_s = AnySeen().request.time_s;
        return {"time >= " + absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time_s),
                                              absl::UTCTimeZone()),
                [time_s](const SeenRecord& s) { return s.request.time_s >= time_s; }};
      }
      default:
        return TextTest(random_.Pick(kTexts));
    }
  }

  Condition TextTest(const std::string& name) {
    const NaivePortal& portal = portal_;
    const auto value = [&portal, name](const SeenRecord& s) { return portal.Of(s)[name]; };
    const std::string wanted = value(AnySeen());
    const std::string other = value(AnySeen());
    const auto has = [value](const SeenRecord& s) { return value(s) != kAbsent; };
    switch (random_.Below(4)) {
      case 0:
        return {name + " = '" + wanted + "'",
                [=](const SeenRecord& s) { return has(s) && value(s) == wanted; }};
      case 1:
        return {name + " != \"" + wanted + "\"",
                [=](const SeenRecord& s) { return has(s) && value(s) != wanted; }};
      case 2:
        return {name + " not in ('" + wanted + "', '" + other + "')", [=](const SeenRecord& s) {
                  return has(s) && value(s) != wanted && value(s) != other;
                }};
      default: {
        const std::string part = wanted.substr(0, 2);
        return {name + " =~ '^\\Q" + part + "\\E'",
                [=](const SeenRecord& s) { return has(s) && value(s).starts_with(part); }};
      }
    }
  }

  static bool Compare(int a, int b, const std::string& op) {
    if (op == "=") return a == b;
    if (op == "!=") return a != b;
    if (op == "<") return a < b;
    if (op == "<=") return a <= b;
    return op == ">" ? a > b : a >= b;
  }

  Random random_;
  const NaivePortal& portal_;
};

using Row = std::map<std::string, double>;
using Rows = std::map<std::vector<std::string>, Row>;

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> KeyOf(const Values& values, const std::vector<std::string>& dimensions) {
  std::vector<std::string> key;
  for (const std::string& name : dimensions) key.push_back(values.at(name));
  return key;
}

Rows RowsOf(const QueryResult& result) {
  Rows rows;
  for (const QueryRow& row : result.rows) {
    std::vector<std::string> key;
    for (const QueryCell& cell : row.keys) key.push_back(cell.text.value_or(kAbsent));
    Row& figures = rows[key];
    for (size_t i = 0; i < row.figures.size(); ++i) {
      const Measure& measure = *result.plan.measures[i];
      const std::string name(measure.name);
      if (measure.unit == MeasureUnit::kRate) {
        figures[name + "_numerator"] = static_cast<double>(row.figures[i].rate.numerator);
        figures[name + "_denominator"] = static_cast<double>(row.figures[i].rate.denominator);
      } else {
        figures[name] = row.figures[i].value.value_or(-1);
      }
    }
  }
  return rows;
}

// A row without anything is as good as none.
void DropEmpty(Rows* rows) {
  std::erase_if(*rows, [](const auto& row) {
    return std::all_of(row.second.begin(), row.second.end(),
                       [](const auto& figure) { return figure.second == 0; });
  });
}

Rows NaiveRecords(const NaivePortal& portal, const std::vector<SeenRecord>& kept,
                  const std::vector<std::string>& dimensions) {
  Rows rows;
  std::map<std::vector<std::string>, std::set<std::pair<std::string, int64_t>>> visitors;
  for (const SeenRecord& seen : kept) {
    const std::vector<std::string> key = KeyOf(portal.Of(seen), dimensions);
    Row& row = rows[key];
    const int status = seen.request.status;
    row["requests"] += 1;
    row["counted"] += seen.bucket == "counted" ? 1 : 0;
    row["page_views"] += seen.request.page_view ? 1 : 0;
    row["bytes_sent"] += static_cast<double>(seen.bytes);
    row["error_rate_numerator"] += status >= 400 && status < 600 ? 1 : 0;
    row["error_rate_denominator"] += 1;
    row["server_error_rate_numerator"] += status >= 500 && status < 600 ? 1 : 0;
    row["server_error_rate_denominator"] += 1;
    if (seen.bucket == "counted") {
      visitors[key].emplace(seen.request.visitor,
                            IsoWeek(seen.request.time_s, portal.catalog().zone));
    }
    row["visitors"] = static_cast<double>(visitors[key].size());
  }
  return rows;
}

// Late is what lies behind the records that take part.
void OrderAnew(std::vector<SeenRecord>* kept) {
  std::map<size_t, int64_t> latest;
  for (SeenRecord& seen : *kept) {
    Request& request = seen.request;
    const auto [found, first] = latest.emplace(request.source, request.time_s);
    request.key_s = std::max(request.time_s, first ? request.time_s : found->second - 60);
    found->second = std::max(found->second, request.time_s);
  }
}

Rows NaiveVisits(const NaivePortal& portal, const std::vector<SeenRecord>& kept,
                 const std::vector<std::string>& dimensions) {
  std::vector<Request> counted;
  int64_t end_s = 0;
  for (const SeenRecord& seen : kept) {
    end_s = &seen == &kept.front() ? seen.request.time_s : std::max(end_s, seen.request.time_s);
    if (seen.bucket == "counted") counted.push_back(seen.request);
  }
  const Walk walk = WalkVisitors(portal.catalog(), counted, end_s);
  const bool by_service = std::count(dimensions.begin(), dimensions.end(), "service") > 0;
  Rows rows;
  const auto row_of = [&](int64_t time_s, const std::string& service) -> Row& {
    Values values = portal.OfTime(time_s);
    values.merge(portal.OfService(service));
    return rows[KeyOf(values, dimensions)];
  };
  for (const Visit& visit : walk.visits) {
    for (const std::string& service : by_service ? visit.viewed : std::set<std::string>{""}) {
      Row& row = row_of(visit.begin_s, service);
      row["visits"] += 1;
      bool acted = false;
      bool participated = false;
      for (const auto& [of, acts] : visit.acts) {
        if (acts == 0 || (by_service && of != service)) continue;
        const std::string kind = portal.OfService(of).at("kind");
        acted = acted || !portal.catalog().given || kind != "information";
        participated = participated || kind == "participation";
      }
      row["interaction_rate_numerator"] += acted ? 1 : 0;
      row["interaction_rate_denominator"] += 1;
      row["participation_rate_numerator"] += participated ? 1 : 0;
      row["participation_rate_denominator"] += 1;
      if (!by_service) {
        uint64_t acts = 0;
        for (const auto& [of, count] : visit.acts) acts += count;
        row["bounce_rate_numerator"] += visit.page_views == 1 && acts == 0 ? 1 : 0;
        row["bounce_rate_denominator"] += 1;
      }
      for (const auto& [of, acts] : visit.acts) {
        if (!by_service || of == service) row["acts"] += static_cast<double>(acts);
      }
    }
  }
  for (const Attempt& attempt : walk.attempts) {
    Row& row = row_of(attempt.start_s, attempt.service);
    row["started"] += 1;
    const bool completed = attempt.outcome == "granted" || attempt.outcome == "refused";
    row["completed"] += completed ? 1 : 0;
    row["failed"] += attempt.outcome == "failed" ? 1 : 0;
    row["abandoned"] += attempt.outcome == "abandoned" ? 1 : 0;
    row["completion_rate_numerator"] += completed ? 1 : 0;
    row["completion_rate_denominator"] += attempt.outcome == "open" ? 0 : 1;
  }
  return rows;
}

TEST(QueryDifferentialTest, EngineAgreesWithTheNaiveEvaluator) {
  const uint64_t first = FromEnvironment("CIVLOG_DIFFERENTIAL_FIRST", 1);
  const uint64_t seeds = FromEnvironment("CIVLOG_DIFFERENTIAL_SEEDS", 1500);
  const std::vector<std::string> of_records = {
      "minute",      "10min",    "hour",   "day",    "week",         "weekday",
      "hour_of_day", "service",  "kind",   "status", "status_class", "method",
      "path",        "audience", "bucket", "host",   "step",         "department"};
  const std::vector<std::string> of_visits = {"hour",    "day",         "week",
                                              "weekday", "hour_of_day", "service"};
  size_t rows_compared = 0;
  int failures = 0;
  for (uint64_t seed = first; seed < first + seeds && failures < 3; ++seed) {
    const RandomPortal portal = MakeRandomPortal(seed);
    const NaivePortal naive(portal);
    RandomQuery random(seed, naive);
    const bool visits = random.Below(3) == 0;
    const Condition condition = random.MakeCondition(3);
    QueryRequest request;
    const std::vector<std::string> dimensions = random.Some(visits ? of_visits : of_records, 3);
    request.by = Join(dimensions);
    const bool by_service =
        std::count(dimensions.begin(), dimensions.end(), std::string("service")) > 0;
    request.select = visits ? "visits,acts,started,completed,failed,abandoned,completion_rate,"
                              "interaction_rate,participation_rate" +
                                  std::string(by_service ? "" : ",bounce_rate")
                            : "requests,counted,page_views,bytes_sent,error_rate,"
                              "server_error_rate,visitors";
    if (random.Below(4) != 0) request.where = condition.text;
    std::vector<SeenRecord> kept;
    for (const SeenRecord& seen : naive.seen()) {
      if (request.where.empty() || condition.holds(seen)) kept.push_back(seen);
    }
    OrderAnew(&kept);
    AnalyzeOptions options;
    options.threads = 1 + random.Below(3);
    options.block_bytes = 1 + random.Below(3000);
    const std::string what = "seed " + std::to_string(seed) + ": --select " + request.select +
                             " --by " + request.by + " --where " + request.where;
    const auto result = QueryMemory(portal.catalog, portal.logs, request, options);
    if (!result.ok()) {
      ADD_FAILURE() << what << "\n" << result.status();
      ++failures;
      continue;
    }
    Rows engine = RowsOf(*result);
    Rows expected =
        visits ? NaiveVisits(naive, kept, dimensions) : NaiveRecords(naive, kept, dimensions);
    DropEmpty(&engine);
    DropEmpty(&expected);
    rows_compared += expected.size();
    // What a row lacks is 0.
    for (auto& [key, row] : expected) {
      const auto found = engine.find(key);
      if (found == engine.end()) continue;
      for (const auto& [name, value] : found->second) row.emplace(name, 0);
    }
    if (engine == expected) continue;
    ++failures;
    std::string text;
    for (const auto& [rows, title] : {std::pair(&engine, "engine"), {&expected, "expected"}}) {
      for (const auto& [key, row] : *rows) {
        const Rows& others = rows == &engine ? expected : engine;
        const auto other = others.find(key);
        if (other != others.end() && other->second == row) continue;
        text += std::string(title) + " " + Join(key) + ":";
        for (const auto& [name, value] : row) text += " " + name + "=" + std::to_string(value);
        text += "\n";
      }
    }
    ADD_FAILURE() << what << "\n" << text;
  }
  EXPECT_GT(rows_compared, seeds);
}

// Leaves what a comparison says of the period before. Where that has no record, it says
// nothing, and that.
void TurnToBefore(QueryResult* result) {
  const bool nothing =
      std::any_of(result->rows.begin(), result->rows.end(),
                  [](const QueryRow& row) { return !row.changes[0].before.value.has_value(); });
  EXPECT_EQ(nothing, !result->rows.empty() && result->notes.size() == 1);
  if (nothing) result->rows.clear();
  for (QueryRow& row : result->rows) {
    for (size_t i = 0; i < row.figures.size(); ++i) row.figures[i] = row.changes[i].before;
  }
}

// Calls `check` with random portals that have some records, as many as
// CIVLOG_DIFFERENTIAL_SEEDS says; returns how many seeds that were.
template <typename Check>
uint64_t ForRandomPortals(const Check& check) {
  const uint64_t seeds = FromEnvironment("CIVLOG_DIFFERENTIAL_SEEDS", 300);
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    const RandomPortal portal = MakeRandomPortal(seed);
    const NaivePortal naive(portal);
    if (naive.seen().size() < 4) continue;
    RandomQuery random(seed, naive);
    check(seed, portal, naive, random);
  }
  return seeds;
}

// What is compared is what two queries say, each of its period.
TEST(QueryDifferentialTest, AComparisonIsTwoQueries) {
  const std::vector<std::string> names = {"service", "status", "method", "bucket", "audience"};
  size_t rows_compared = 0;
  const uint64_t seeds = ForRandomPortals([&](uint64_t seed, const RandomPortal& portal,
                                              const NaivePortal& naive, RandomQuery& random) {
    std::vector<int64_t> times;
    for (const SeenRecord& seen : naive.seen()) times.push_back(seen.request.time_s);
    std::sort(times.begin(), times.end());
    const int64_t since_s = times[times.size() / 2];
    const int64_t until_s = since_s + 1 + static_cast<int64_t>(random.Below(20'000));
    const int64_t shift_s = until_s - since_s + static_cast<int64_t>(random.Below(2)) * kHour;
    QueryRequest request;
    request.by = Join(random.Some(names, 2));
    request.select = "requests,bytes_sent,server_error_rate,visitors";
    request.totals = true;
    request.compare = {since_s * 1'000'000, until_s * 1'000'000, shift_s * 1'000'000};
    const auto both = QueryMemory(portal.catalog, portal.logs, request, {2, 1000});
    ASSERT_TRUE(both.ok()) << both.status();
    const auto alone = [&](int64_t back_s) {
      QueryRequest one = request;
      one.compare.reset();
      const auto time = [](int64_t t) {
        return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(t),
                                absl::UTCTimeZone());
      };
      one.where = "time >= " + time(since_s - back_s) + " and time < " + time(until_s - back_s);
      return RowsOf(*QueryMemory(portal.catalog, portal.logs, one, {1, 500}));
    };
    Rows now = RowsOf(*both);
    QueryResult turned = *both;
    TurnToBefore(&turned);
    Rows before = RowsOf(turned);
    Rows expected_now = alone(0);
    Rows expected_before = alone(shift_s);
    for (Rows* rows : {&now, &before, &expected_now, &expected_before}) DropEmpty(rows);
    EXPECT_EQ(now, expected_now) << "seed " << seed;
    EXPECT_EQ(before, expected_before) << "seed " << seed;
    rows_compared += expected_now.size() + expected_before.size();
  });
  EXPECT_GT(2 * rows_compared, 3 * seeds);
}

// Visits and attempts of two periods, each by the hour that they began in.
TEST(QueryDifferentialTest, VisitsAreComparedByTheHourTheyBeganIn) {
  size_t rows_compared = 0;
  const uint64_t seeds = ForRandomPortals([&](uint64_t seed, const RandomPortal& portal,
                                              const NaivePortal& naive, RandomQuery& random) {
    const int64_t middle_s = naive.seen()[naive.seen().size() / 2].request.time_s;
    const int64_t since_s = middle_s - (naive.LocalOf(middle_s) % kHour + kHour) % kHour;
    const int64_t length_s = kHour * (1 + static_cast<int64_t>(random.Below(4)));
    const int64_t shift_s = length_s + kHour * static_cast<int64_t>(random.Below(3));
    const std::string by = random.Below(3) == 0 ? "" : random.Below(2) == 0 ? "service" : "hour";
    QueryRequest request;
    request.select = "visits,acts,started,completed,failed,abandoned,interaction_rate";
    request.by = by;
    request.compare = {since_s * 1'000'000, (since_s + length_s) * 1'000'000, shift_s * 1'000'000};
    const auto both = QueryMemory(portal.catalog, portal.logs, request, {2, 700});
    // A clock set by half an hour in between: refused, since no hour begins there.
    const int64_t before_s = since_s - shift_s;
    if ((naive.LocalOf(since_s) - naive.LocalOf(before_s) - shift_s) % kHour != 0) {
      EXPECT_FALSE(both.ok());
      return;
    }
    ASSERT_TRUE(both.ok()) << both.status();

    std::vector<SeenRecord> kept;
    for (const SeenRecord& seen : naive.seen()) {
      if (request.compare->PeriodOf(seen.request.time_s * 1'000'000) >= 0) kept.push_back(seen);
    }
    OrderAnew(&kept);
    Rows now;
    Rows before;
    std::vector<std::string> dimensions = {"hour"};
    if (by == "service") dimensions.push_back(by);
    for (const auto& [key, row] : NaiveVisits(naive, kept, dimensions)) {
      absl::Time hour;
      std::string error;
      ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, key[0], &hour, &error)) << error;
      const int period = request.compare->PeriodOf(absl::ToUnixMicros(hour));
      if (period < 0) continue;
      std::vector<std::string> wanted(key.begin() + 1, key.end());
      // An hour of the period before stands beside the one that it is compared with.
      if (by == "hour") {
        wanted.push_back(absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez",
                                          hour + absl::Seconds(period == 0 ? 0 : shift_s),
                                          naive.catalog().zone));
      }
      Row& sum = (period == 0 ? now : before)[wanted];
      for (const auto& [name, value] : row) sum[name] += value;
    }
    QueryResult turned = *both;
    TurnToBefore(&turned);
    for (const auto& [found, expected, title] :
         {std::tuple(RowsOf(*both), now, "now"), {RowsOf(turned), before, "before"}}) {
      for (const auto& [key, row] : found) {
        const auto wanted = expected.find(key);
        for (const auto& [name, value] : row) {
          const double naive_value = wanted != expected.end() && wanted->second.count(name) > 0
                                         ? wanted->second.at(name)
                                         : 0;
          EXPECT_EQ(value, naive_value)
              << "seed " << seed << ", " << title << ", " << Join(key) << ": " << name;
          if (value > 0) ++rows_compared;
        }
      }
      for (const auto& [key, row] : expected) EXPECT_EQ(found.count(key), 1U) << "seed " << seed;
    }
  });
  EXPECT_GT(3 * rows_compared, 5 * seeds);
}

}  // namespace
}  // namespace civlog::oracle
