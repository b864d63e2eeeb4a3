#include "engine/store_schema.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

TwofoldTable Twofold(TableSpec settled, const char* open_name) {
  TableSpec open = settled;
  open.name = open_name;
  open.code += kOpenCodes;
  open.chunk = ChunkBy::kTable;
  return {std::move(settled), std::move(open)};
}

// The table of the sums by day of one by hour.
TableSpec ByDay(const TableSpec& by_hour, const char* name, int64_t code) {
  TableSpec by_day = by_hour;
  by_day.name = name;
  by_day.code = code;
  by_day.numbers.front() = "day";
  by_day.chunk = ChunkBy::kKey;
  return by_day;
}

StoreTables Describe() {
  StoreTables t;
  t.clock = {"clock",
             1,
             1,
             {"one", "checkpoint", "watermark_us", "watermark_position", "first_us", "last_us",
              "records", "catalog", "merged", "store"},
             {"time_zone", "written_by"}};
  t.catalogs = {"catalogs", 2, 1, {"catalog", "used_since_us"}, {"digest", "*text"}};
  t.services = {
      "services", 3, 1, {"service"}, {"id", "kind", "tier", "name", "name_ko", "department"}};
  t.steps_of_services = {"service_steps", 4, 2, {"service", "step"}, {"name"}};
  t.routes = {"routes", 5, 1, {"route", "service"}, {"role", "text", "name"}};
  t.sources = {
      "sources",
      6,
      1,
      {"source", "head_bytes", "head_digest", "tail_bytes", "tail_digest", "offset", "lines",
       "rejected", "first_us", "last_us", "last_day", "device", "inode", "size", "modified_ns"},
      {"name", "format", "w3c_fields"}};
  t.shards = {"shards", 7, 1, {"shard"}, {"*state"}};
  t.run_routes = {"run_routes", 8, 1, {"place", "route"}, {}};

  constexpr ChunkBy kDay = ChunkBy::kDay;
  constexpr ChunkBy kKey = ChunkBy::kKey;
  constexpr WhenThere kAdd = WhenThere::kAdd;
  constexpr WhenThere kAddHistogram = WhenThere::kAddHistogram;
  t.traffic = {
      "traffic",
      10,
      4,
      {"hour", "bucket", "audience", "service", "status_other", "status_1xx", "status_2xx",
       "status_3xx", "status_4xx", "status_5xx", "bytes_sent", "page_views", "status_views"},
      {},
      kDay,
      kAdd};
  t.visits = Twofold({"visits",
                      11,
                      1,
                      {"hour", "visits", "bounces", "acts", "acting_visits", "participating_visits",
                       "inform_visits", "consult_visits", "decide_visits", "enhanced_visits",
                       "interactive_visits", "transactional_visits", "seamless_visits"},
                      {},
                      kDay,
                      kAdd},
                     "visits_open");
  t.service_visits = Twofold({"service_visits",
                              12,
                              2,
                              {"hour", "service", "visits", "acts", "acting_visits"},
                              {},
                              kDay,
                              kAdd},
                             "service_visits_open");
  t.attempts = Twofold({"attempts",
                        13,
                        2,
                        {"hour", "service", "started", "granted", "refused", "failed", "abandoned",
                         "open", "without_start", "recovered"},
                        {},
                        kDay,
                        kAdd},
                       "attempts_open");
  t.hour_traffic = {"hour_traffic", 30,  1, {"hour", "requests", "page_views", "server_errors"}, {},
                    kDay,           kAdd};
  t.day_traffic = ByDay(t.traffic, "day_traffic", 31);
  t.day_service_visits =
      Twofold(ByDay(t.service_visits.settled, "day_service_visits", 32), "day_service_visits_open");
  t.day_attempts = Twofold(ByDay(t.attempts.settled, "day_attempts", 33), "day_attempts_open");
  t.latency = {
      "latency", 14,           4, {"day", "service", "status_class", "step"}, {"*histogram"},
      kKey,      kAddHistogram};
  t.route_hits = {"route_hits", 15, 2, {"day", "route", "requests"}, {}, kKey, kAdd};
  t.steps = Twofold(
      {"steps", 16, 3, {"day", "service", "step", "furthest", "left_after_error"}, {}, kKey, kAdd},
      "steps_open");
  t.acts = Twofold({"acts", 17, 2, {"day", "route", "acts"}, {}, kKey, kAdd}, "acts_open");
  t.left_latency = Twofold(
      {"left_latency", 18, 3, {"day", "service", "step"}, {"*histogram"}, kKey, kAddHistogram},
      "left_latency_open");
  t.time_to_complete =
      Twofold({"time_to_complete", 19, 2, {"day", "service"}, {"*histogram"}, kKey, kAddHistogram},
              "time_to_complete_open");
  t.lines = {"lines",
             20,
             2,
             {"day", "source", "lines", "blank", "directive", "late", "truncated", "bad_time",
              "bad_status", "bad_number", "no_match", "invalid_json", "too_long"},
             {},
             kKey,
             kAdd};
  t.week_visitors = Twofold({"week_visitors",
                             21,
                             4,
                             {"week", "service", "days", "estimated", "visitors"},
                             {},
                             kKey,
                             kAdd},
                            "week_visitors_open");
  t.week_completers = Twofold(
      {"week_completers", 22, 2, {"week", "service", "visitors", "attempts"}, {}, kKey, kAdd},
      "week_completers_open");
  t.week_names = Twofold({"week_names",
                          23,
                          3,
                          {"week", "list", "name_hash", "requests", "error"},
                          {"name"},
                          kKey,
                          kAdd},
                         "week_names_open");
  t.restatements = {"restatements", 24, 1, {"hour", "requests"}, {}, kDay, kAdd};
  t.hours = {"hours", 25, 1, {"hour", "day", "week"}, {"local"}, kDay};
  t.day_catalogs = {"day_catalogs", 26, 2, {"day", "catalog"}, {}, kKey};
  return t;
}

// Views. What is settled and what is open are shown as one.
constexpr std::string_view kViews = R"sql(
CREATE VIEW v_traffic_hourly AS
  SELECT h.local AS hour, t.bucket, t.audience, t.service AS service_number, s.id AS service,
         t.status_other + t.status_1xx + t.status_2xx + t.status_3xx + t.status_4xx + t.status_5xx
           AS requests,
         t.status_2xx, t.status_3xx, t.status_4xx, t.status_5xx, t.bytes_sent, t.page_views,
         EXISTS(SELECT 1 FROM restatements r WHERE r.hour = t.hour) AS restated
  FROM (SELECT hour, service, status_other, status_1xx, status_2xx, status_3xx, status_4xx,
               status_5xx, bytes_sent, page_views,
               (SELECT name FROM codes WHERE kind = 'bucket' AND code = traffic.bucket) AS bucket,
               (SELECT name FROM codes WHERE kind = 'audience' AND code = traffic.audience)
                 AS audience
        FROM traffic) t
  JOIN hours h USING(hour) LEFT JOIN services s ON s.service = t.service;

CREATE VIEW v_services_daily AS
  WITH requests AS (
    SELECT h.day, t.service, sum(t.status_other + t.status_1xx + t.status_2xx + t.status_3xx +
                                 t.status_4xx + t.status_5xx) AS requests,
           sum(t.page_views) AS page_views, sum(t.status_5xx) AS server_errors
    FROM traffic t JOIN hours h USING(hour) WHERE t.service > 0 GROUP BY 1, 2),
  viewed AS (
    SELECT h.day, v.service, sum(v.visits) AS visits, sum(v.acts) AS acts,
           sum(v.acting_visits) AS acting_visits
    FROM (SELECT * FROM service_visits UNION ALL SELECT * FROM service_visits_open) v
    JOIN hours h USING(hour) GROUP BY 1, 2)
  SELECT date(day * 86400, 'unixepoch') AS date, s.id AS service, s.name, s.kind, s.department,
         r.requests, r.page_views, r.server_errors, coalesce(v.visits, 0) AS visits,
         coalesce(v.acts, 0) AS acts, coalesce(v.acting_visits, 0) AS acting_visits
  FROM requests r LEFT JOIN viewed v USING(day, service) JOIN services s USING(service);

CREATE VIEW v_weeks AS
  SELECT week, date((week * 7 - 3) * 86400, 'unixepoch') AS monday,
         strftime('%Y', week * 7 * 86400, 'unixepoch') || '-W' ||
           printf('%02d', (strftime('%j', week * 7 * 86400, 'unixepoch') + 6) / 7) AS iso_week
  FROM (SELECT DISTINCT week FROM hours);

CREATE VIEW v_completion_weekly AS
  SELECT w.iso_week, w.monday, s.id AS service, s.name, s.department, a.started, a.granted,
         a.refused, a.failed, a.abandoned, a.open, a.without_start, a.recovered,
         round(1.0 * (a.granted + a.refused) / nullif(a.started - a.open, 0), 6) AS completion_rate
  FROM (SELECT h.week, service, sum(started) AS started, sum(granted) AS granted,
               sum(refused) AS refused, sum(failed) AS failed, sum(abandoned) AS abandoned,
               sum(open) AS open, sum(without_start) AS without_start, sum(recovered) AS recovered
        FROM (SELECT * FROM attempts UNION ALL SELECT * FROM attempts_open) JOIN hours h USING(hour)
        GROUP BY 1, 2) a
  JOIN v_weeks w USING(week) JOIN services s USING(service);

CREATE VIEW v_participation_weekly AS
  SELECT w.iso_week, w.monday, v.visits, v.acting_visits, v.participating_visits,
         v.inform_visits, v.consult_visits, v.decide_visits,
         round(1.0 * v.acting_visits / nullif(v.visits, 0), 6) AS interaction_rate,
         round(1.0 * v.participating_visits / nullif(v.visits, 0), 6) AS participation_rate
  FROM (SELECT h.week, sum(visits) AS visits, sum(acting_visits) AS acting_visits,
               sum(participating_visits) AS participating_visits,
               sum(inform_visits) AS inform_visits, sum(consult_visits) AS consult_visits,
               sum(decide_visits) AS decide_visits
        FROM (SELECT * FROM visits UNION ALL SELECT * FROM visits_open) JOIN hours h USING(hour)
        GROUP BY 1) v
  JOIN v_weeks w USING(week);

CREATE VIEW v_steps AS
  WITH all_steps AS (SELECT * FROM steps UNION ALL SELECT * FROM steps_open),
  furthest AS (
    SELECT day, service, step, sum(furthest) AS furthest, sum(left_after_error) AS left_after_error
    FROM all_steps GROUP BY 1, 2, 3)
  SELECT date(d.day * 86400, 'unixepoch') AS date, s.id AS service, n.step, n.name,
         coalesce((SELECT sum(f.furthest) FROM furthest f WHERE f.day = d.day AND
                   f.service = d.service AND f.step >= n.step), 0) AS reached,
         coalesce((SELECT f.left_after_error FROM furthest f WHERE f.day = d.day AND
                   f.service = d.service AND f.step = n.step), 0) AS left_after_error
  FROM (SELECT DISTINCT day, service FROM furthest) d
  JOIN service_steps n USING(service) JOIN services s USING(service);

CREATE VIEW v_rejections AS
  SELECT date(day * 86400, 'unixepoch') AS date, s.name AS source, r.reason, r.lines
  FROM (SELECT day, source, 'truncated' AS reason, truncated AS lines FROM lines
        UNION ALL SELECT day, source, 'bad_time', bad_time FROM lines
        UNION ALL SELECT day, source, 'bad_status', bad_status FROM lines
        UNION ALL SELECT day, source, 'bad_number', bad_number FROM lines
        UNION ALL SELECT day, source, 'no_match', no_match FROM lines
        UNION ALL SELECT day, source, 'invalid_json', invalid_json FROM lines
        UNION ALL SELECT day, source, 'too_long', too_long FROM lines) r
  JOIN sources s USING(source) WHERE r.lines > 0;

CREATE VIEW v_sources AS
  SELECT source, name, format, lines, rejected, offset AS bytes_read,
         CASE WHEN first_us < 9223372036854775807
              THEN strftime('%Y-%m-%dT%H:%M:%SZ', first_us / 1000000, 'unixepoch') END
           AS first_record,
         CASE WHEN last_us > -9223372036854775808
              THEN strftime('%Y-%m-%dT%H:%M:%SZ', last_us / 1000000, 'unixepoch') END
           AS last_record
  FROM sources;
)sql";

}  // namespace

const StoreTables& StoreTables::Get() {
  static const auto* const tables = new StoreTables(Describe());
  return *tables;
}

std::vector<const TableSpec*> StoreTables::all() const {
  std::vector<const TableSpec*> specs = {
      &clock,        &catalogs,   &services,     &steps_of_services, &routes,     &sources,
      &shards,       &run_routes, &traffic,      &latency,           &route_hits, &lines,
      &day_catalogs, &hours,      &restatements, &hour_traffic,      &day_traffic};
  for (const TwofoldTable* table :
       {&visits, &service_visits, &attempts, &steps, &acts, &left_latency, &time_to_complete,
        &week_visitors, &week_completers, &week_names, &day_service_visits, &day_attempts}) {
    specs.push_back(&table->settled);
    specs.push_back(&table->open);
  }
  return specs;
}

std::vector<DaySums> StoreTables::day_sums() const {
  return {{&traffic, &day_traffic},
          {&service_visits.settled, &day_service_visits.settled},
          {&service_visits.open, &day_service_visits.open},
          {&attempts.settled, &day_attempts.settled},
          {&attempts.open, &day_attempts.open}};
}

const std::vector<std::string>& StoreMigrations() {
  static const auto* const migrations = [] {
    std::string tables =
        "CREATE TABLE digests(code INTEGER NOT NULL, chunk INTEGER NOT NULL, rows INTEGER NOT "
        "NULL, "
        "sum INTEGER NOT NULL, PRIMARY KEY(code, chunk)) STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE digest_of_digests(one INTEGER PRIMARY KEY CHECK(one = 1), "
        "sum INTEGER NOT NULL) STRICT;\n"
        "CREATE TABLE codes(kind TEXT NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL, "
        "PRIMARY KEY(kind, code)) STRICT, WITHOUT ROWID;\n";
    std::string sums;
    const std::vector<DaySums> day_sums = StoreTables::Get().day_sums();
    for (const TableSpec* spec : StoreTables::Get().all()) {
      const bool is_sum = spec == &StoreTables::Get().hour_traffic ||
                          std::any_of(day_sums.begin(), day_sums.end(),
                                      [spec](const DaySums& sum) { return sum.by_day == spec; });
      (is_sum ? sums : tables) += CreateTableSql(*spec);
    }
    // What else the third and the fourth do is not SQL, see store_migration.h.
    return new std::vector<std::string>{std::move(tables), std::string(kViews), "",
                                        std::move(sums)};
  }();
  return *migrations;
}

}  // namespace civlog
