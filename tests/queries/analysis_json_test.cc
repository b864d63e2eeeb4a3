#include "queries/analysis_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "queries/analysis_object.h"
#include "queries/escape.h"
#include "tests/queries/sample_analysis.h"

namespace civlog {
namespace {

using Json = nlohmann::ordered_json;

// The documented example of schema civlog.analysis/1: every key, in order. Values
// stand for types: null means number or null.
constexpr char kSchema[] = R"({
  "schema": "civlog.analysis/1",
  "generator": {"name": "civlog", "version": "…", "catalog_digest": "…", "robots_list": "2026-…"},
  "portal": {"name": "…", "time_zone": "Asia/Seoul"},
  "period": {"from": "…", "to": "…", "gaps": [{"from": "…", "to": "…"}], "partial": false},
  "lines": {"read": 0, "blank": 0, "directive": 0, "records": 0,
            "rejected": {"total": 0, "bad_time": 0},
            "rejected_samples": [{"source": "access.log", "line": 1042, "reason": "bad_time",
                                  "text": "…"}]},
  "records": {"counted": 0, "unreadable_request": 0, "outside_portal": 0, "asset": 0, "late": 0,
              "not_citizen": {"total": 0, "search_engine": 0, "ai_crawler": 0, "monitor": 0,
                              "scanner": 0}},
  "traffic": {"requests": 0, "bytes_sent": 0,
              "status": {"1xx": 0, "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0},
              "latency_ms": {"count": 0, "p50": null, "p90": null, "p95": null, "p99": null,
                             "max": null}},
  "citizens": {"page_views": 0, "visitors": 0, "visitors_exact": true, "visits": 0, "bounces": 0,
               "acts": 0},
  "rates": {"interaction": {"value": null, "numerator": 0, "denominator": 0, "low": null,
                            "high": null},
            "completion": {"value": null, "numerator": 0, "denominator": 0, "low": null,
                           "high": null},
            "participation": {"value": null, "numerator": 0, "denominator": 0, "low": null,
                              "high": null, "per_1000_residents": null}},
  "stages": {"enhanced": 0, "interactive": 0, "transactional": 0, "seamless": 0},
  "services": [
    {"id": "…", "name": "…", "kind": "transaction", "department": "…",
     "requests": 0, "page_views": 0, "visits": 0, "visitors": 0, "acts": 0, "acting_visits": 0,
     "status": {"2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0},
     "latency_ms": {"count": 0, "p50": null, "p95": null},
     "attempts": {"started": 0, "granted": 0, "refused": 0, "failed": 0, "abandoned": 0,
                  "open": 0, "without_start": 0, "recovered": 0},
     "completion_rate": {"value": null, "numerator": 0, "denominator": 0, "low": null,
                         "high": null},
     "steps": [{"name": "start", "reached": 0, "left_after_error": 0}],
     "time_to_complete_s": {"count": 0, "p50": null, "p90": null}}],
  "unclassified": {"requests": 0, "top_paths": [{"path": "/x", "requests": 0}]},
  "top": {"pages": [], "not_found": [], "server_errors": [], "referrers": []},
  "hours": [{"hour": "…", "requests": 0, "visits": 0, "page_views": 0, "server_errors": 0}]
})";

void ExpectFits(const Json& schema, const Json& actual, const std::string& where);

void ExpectKeys(const Json& schema, const Json& actual, const std::string& where) {
  ASSERT_TRUE(actual.is_object()) << where;
  size_t last = 0;
  for (const auto& [key, value] : schema.items()) {
    size_t position = 0;
    size_t i = 0;
    for (const auto& [actual_key, unused] : actual.items()) {
      ++i;
      if (actual_key == key) position = i;
    }
    ASSERT_GT(position, 0u) << where << " lacks " << key;
    EXPECT_GT(position, last) << where << "." << key << " is out of order";
    last = position;
    ExpectFits(value, actual[key], where + "." + key);
  }
}

void ExpectFits(const Json& schema, const Json& actual, const std::string& where) {
  if (schema.is_object()) {
    ExpectKeys(schema, actual, where);
  } else if (schema.is_array()) {
    ASSERT_TRUE(actual.is_array()) << where;
    for (const Json& element : actual) {
      if (!schema.empty()) ExpectFits(schema[0], element, where + "[]");
    }
  } else if (schema.is_null()) {
    EXPECT_TRUE(actual.is_number() || actual.is_null()) << where;
  } else if (schema.is_string()) {
    EXPECT_TRUE(actual.is_string()) << where;
  } else if (schema.is_boolean()) {
    EXPECT_TRUE(actual.is_boolean()) << where;
  } else {
    EXPECT_TRUE(actual.is_number_unsigned()) << where << ": " << actual;
  }
}

Json Parsed(const Analysis& analysis, std::string_view language = "en") {
  return Json::parse(AnalysisToJson(analysis, language), nullptr, false);
}

TEST(AnalysisToJson, FollowsTheSchema) {
  const Analysis analysis = SampleAnalysis();
  Json actual = Parsed(analysis);
  ASSERT_FALSE(actual.is_discarded());
  Json schema = Json::parse(kSchema);
  const Json service = schema["services"][0];
  schema["services"] = Json::array();
  ExpectFits(schema, actual, "$");
  ASSERT_EQ(actual["services"].size(), analysis.services.size());
  for (const Json& each : actual["services"]) {
    Json expected = service;
    if (each["attempts"].is_null()) expected.erase("attempts");
    ExpectFits(expected, each, "services[]");
  }
}

TEST(AnalysisToJson, HoldsTheFigures) {
  const Json json = Parsed(SampleAnalysis());
  EXPECT_EQ(json["period"]["from"], "2026-11-16T00:00:00+09:00");
  EXPECT_EQ(json["period"]["to"], "2026-11-23T00:00:00+09:00");
  EXPECT_EQ(json["period"]["gaps"][0]["from"], "2026-11-18T03:00:00+09:00");
  EXPECT_EQ(json["hours"][0]["hour"], "2026-11-16T00:00:00+09:00");
  EXPECT_EQ(json["lines"]["read"], 1234567);
  EXPECT_EQ(json["lines"]["rejected"]["truncated"], 801);
  EXPECT_EQ(json["lines"]["rejected"]["total"], 1204);
  EXPECT_EQ(json["records"]["not_citizen"]["ai_crawler"], 50000);
  EXPECT_EQ(json["rates"]["completion"]["numerator"], 658);
  EXPECT_EQ(json["rates"]["completion"]["denominator"], 992);
  EXPECT_DOUBLE_EQ(json["rates"]["completion"]["value"].get<double>(), 658.0 / 992.0);
  EXPECT_EQ(json["stages"]["seamless"], 10);
  EXPECT_EQ(json["services"][1]["id"], "resident-certificate");
  EXPECT_EQ(json["services"][1]["attempts"]["abandoned"], 300);
  EXPECT_EQ(json["services"][1]["steps"][1]["reached"], 850);
  EXPECT_EQ(json["top"]["not_found"][1]["path"], "/wp-login.php");
  EXPECT_EQ(json["top"]["not_found"][1]["error"], 20);
  EXPECT_EQ(json["top"]["referrers"][0]["referrer"], "search.example");
}

TEST(AnalysisToJson, NamesEveryReasonAndClass) {
  const Json json = Parsed(SampleAnalysis());
  EXPECT_EQ(json["lines"]["rejected"].size(), kRejectReasonCount + 1);
  // Every class but citizens, and the total.
  EXPECT_EQ(json["records"]["not_citizen"].size(), kAudienceCount);
  EXPECT_FALSE(json["records"]["not_citizen"].contains("citizen"));
  uint64_t sum = 0;
  for (const auto& [name, count] : json["records"]["not_citizen"].items()) {
    if (name != "total") sum += count.get<uint64_t>();
  }
  EXPECT_EQ(sum, json["records"]["not_citizen"]["total"].get<uint64_t>());
}

TEST(AnalysisToJson, ServicesWithoutAttempts) {
  const Json news = Parsed(SampleAnalysis())["services"][0];
  EXPECT_TRUE(news["attempts"].is_null());
  EXPECT_EQ(news["completion_rate"],
            Json::parse(R"({"value": null, "numerator": 0, "denominator": 0, "low": null,
                            "high": null})"));
  EXPECT_EQ(news["steps"], Json::array());
  EXPECT_EQ(news["time_to_complete_s"]["count"], 0);
  EXPECT_TRUE(news["time_to_complete_s"]["p50"].is_null());
}

// Long lists are written apart from the rest, which must not show.
TEST(AnalysisToJson, IsTheTextOfTheObject) {
  for (const Analysis& analysis :
       {SampleAnalysis(), EmptyAnalysis(), HugeAnalysis(), HostileAnalysis(),
        HostileAnalysis("\n  \"services\": [],\n  \"hours\": [")}) {
    EXPECT_EQ(AnalysisToJson(analysis, "ko"), AnalysisObject(analysis, "ko").dump(2) + "\n");
  }
}

TEST(AnalysisToJson, PicksTheLanguage) {
  const Json json = Parsed(SampleAnalysis(), "ko");
  EXPECT_EQ(json["portal"]["name"], "한빛시");
  EXPECT_EQ(json["services"][1]["name"], "주민등록등본 발급");
}

TEST(AnalysisToJson, NothingReadIsNull) {
  const Json json = Parsed(EmptyAnalysis());
  ASSERT_FALSE(json.is_discarded());
  EXPECT_TRUE(json["generator"]["catalog_digest"].is_null());
  EXPECT_TRUE(json["portal"]["name"].is_null());
  EXPECT_TRUE(json["period"]["from"].is_null());
  EXPECT_TRUE(json["period"]["to"].is_null());
  EXPECT_TRUE(json["rates"]["interaction"]["value"].is_null());
  EXPECT_EQ(json["rates"]["interaction"]["denominator"], 0);
  EXPECT_TRUE(json["rates"]["participation"]["per_1000_residents"].is_null());
  EXPECT_TRUE(json["traffic"]["latency_ms"]["p50"].is_null());
  EXPECT_EQ(json["services"], Json::array());
  EXPECT_EQ(json["hours"], Json::array());
  EXPECT_EQ(json["top"]["pages"], Json::array());
}

TEST(AnalysisToJson, IsPrintableWhateverTheLogHeld) {
  const std::string text = AnalysisToJson(HostileAnalysis(), "en");
  ASSERT_FALSE(Json::parse(text, nullptr, false).is_discarded());
  for (size_t start = 0, end = 0; start < text.size(); start = end + 1) {
    end = text.find('\n', start);
    ASSERT_NE(end, std::string::npos);
    const std::string line = text.substr(start, end - start);
    EXPECT_EQ(EscapeForTerminal(line), line);
  }
}

TEST(AnalysisToJson, IsDeterministicAndExact) {
  Analysis analysis = SampleAnalysis();
  analysis.interaction.value = 0.1 + 0.2;
  const std::string text = AnalysisToJson(analysis, "en");
  EXPECT_EQ(text, AnalysisToJson(analysis, "en"));
  EXPECT_EQ(Json::parse(text)["rates"]["interaction"]["value"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(text.back(), '\n');
}

}  // namespace
}  // namespace civlog
