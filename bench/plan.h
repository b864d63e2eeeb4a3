// Plans: what somebody is going to ask for, request by request, and what each
// request means. Whoever makes a plan knows the fate of everything in it, which is
// where the planted truth comes from.

#ifndef CIVLOG_BENCH_PLAN_H_
#define CIVLOG_BENCH_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/agents.h"
#include "bench/portal_model.h"

namespace civlog::corpus {

// Where a record ends.
enum class Bucket : uint8_t {
  kCounted,
  kUnreadableRequest,
  kOutsidePortal,
  kNotCitizen,
  kAsset,
};
inline constexpr size_t kBucketCount = 5;

// What a counted request does to the visitor's business with its service.
enum class Fact : uint8_t {
  kNone,
  kAct,           // an act of a service that is no transaction
  kStart,         // an attempt begins
  kStep,          // an open attempt has an accepted request on step `step`
  kGrant,         // an open attempt ends with its last step
  kRefuse,        // an open attempt ends with a refusal
  kWithoutStart,  // an end with nothing open
  kError,         // an open attempt is marked failing
  kSave,          // an open attempt is saved
};

// How a request is written where it differs from the plain way. Bits.
enum RequestFlag : uint8_t {
  kJsessionId = 1,       // ;jsessionid=... behind the path
  kDoubleSlash = 2,      // "//" where the path has "/"
  kEncodedLetter = 4,    // its first letter percent-encoded
  kMenuNumber = 8,       // menuNo=... in front of the query
  kAbsoluteTarget = 16,  // http://host/path
  kOtherFrontEnd = 32,   // from here on over another front end
};

// Referrers: none, the page before, or one of ReferrerHosts.
inline constexpr uint8_t kDirect = 0;
inline constexpr uint8_t kInternal = 1;
inline constexpr uint8_t kFirstExternal = 2;
// Hosts outside the portal that visitors come from.
inline constexpr std::string_view kReferrerHosts[] = {
    "search.example", "www.news.example",   "portal.example",   "cafe.example",
    "blog.example",   "social.example",     "province.example", "school.example",
    "map.example",    "newsletter.example", "forum.example",    "video.example"};

struct Request {
  uint32_t gap_s = 0;  // seconds after the one before, or after the plan's beginning
  uint32_t number = 0;
  uint32_t bytes = 0;
  uint16_t status = 200;
  PathId path = PathId::kHome;
  Query query = Query::kNone;
  Method method = Method::kGet;
  Bucket bucket = Bucket::kCounted;
  Audience audience = Audience::kCitizen;
  Fact fact = Fact::kNone;
  uint8_t step = 0;  // 1-based
  uint8_t referrer = kDirect;
  uint8_t assets = 0;  // fetched with it
  uint8_t flags = 0;
};

using Plan = std::vector<Request>;

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_PLAN_H_
