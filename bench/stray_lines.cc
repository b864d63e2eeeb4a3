// Lines that belong to nobody: blank and broken ones, other protocols' bytes, other
// hosts' requests, and single page views that are written far too late.

#include <iterator>

#include "bench/corpus_generator.h"

namespace civlog::corpus {
namespace {

constexpr std::string_view kUnreadable[] = {
    "-",
    R"(\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03)",
    R"(\x16\x03\x01)",
    R"(\x03\x00\x00/*\xE0\x00\x00\x00\x00\x00Cookie:)",
    R"(SSH-2.0-Go)",
    "GET",
    "quit",
};

constexpr std::string_view kNoLines[] = {
    "segfault at 7f3a1c0 ip 00007f3a1c0 error 4 in libapr-1.so",
    "piped log program exited unexpectedly",
    "    at org.egovframe.rte.web.Handler.process",
    "^@^@^@^@^@^@^@^@",
};

// How far behind the newest record a straggler stands: within the minute, on it to the
// second, beyond it.
constexpr int64_t kBehind[] = {20, 45, 60, 61, 75, 300};

}  // namespace

void CorpusGenerator::WriteStray(int64_t time) {
  const uint32_t kind = random_.Below(100);
  if (kind < 8) return WriteBlank();
  if (kind < 34) return WriteRejected(time);
  if (kind < 60) return WriteUnreadable(time);
  if (kind < 90) return WriteForeign(time);
  WriteBehind(time);
}

void CorpusGenerator::WriteBlank() {
  const size_t log = PickFrontEnd();
  char* out = WriteText(logs_.Begin(log), random_.Permille(500) ? "\n" : "   \n");
  logs_.End(log, out, LogSet::kNoRecord);
  truth_.Blank();
}

void CorpusGenerator::WriteRejected(int64_t time) {
  constexpr std::string_view kRequest = "GET /news HTTP/1.1";
  const size_t log = PickFrontEnd();
  const uint32_t kind = random_.Below(9);
  char* out = logs_.Begin(log);
  const auto head = [&](std::string_view request) {
    return WriteText(
        renderer_.Head(out, HostAndPort(PathId::kNewsList), "198.51.100.77", "-", time), request);
  };
  const auto rest = [&](char* begun, std::string_view status, std::string_view bytes) {
    begun = WriteText(renderer_.MiddleWithTexts(begun, status, bytes), "-");
    return renderer_.Tail(begun, "Mozilla/5.0", 40);
  };
  const auto at = [&](std::string_view text) {
    return WriteText(
        renderer_.HeadWithTime(out, HostAndPort(PathId::kNewsList), "198.51.100.77", "-", text),
        kRequest);
  };
  const auto pick = [&] { return kNoLines[random_.Below(std::size(kNoLines))]; };
  // An object that is cut is no JSON, and neither is what is no line.
  Reject reason = renderer_.is_json() ? Reject::kInvalidJson : Reject::kTruncated;
  switch (kind) {
    case 0:
      out = WriteText(head("GET /news/arti"), "\n");
      break;
    case 1:
      out = WriteText(head(kRequest), "\"\n");
      break;
    case 2:
      out = WriteText(head(kRequest), "\" 200 5120 \"https://search.exam\n");
      break;
    case 3:
      out = rest(at("18/Nov/2026:25:61:00 +0900"), "200", "5120");
      reason = Reject::kBadTime;
      break;
    case 4:
      out = rest(at("18/Xyz/2026:10:20:30 +0900"), "200", "5120");
      reason = Reject::kBadTime;
      break;
    case 5:
      out = rest(head(kRequest), "2x0", "5120");
      reason = Reject::kBadStatus;
      break;
    case 6:
      out = rest(head(kRequest), "200", "51k0");
      reason = Reject::kBadNumber;
      break;
    default:
      out = WriteText(WriteText(out, pick()), "\n");
      if (!renderer_.is_json()) reason = Reject::kNoMatch;
      break;
  }
  logs_.End(log, out, LogSet::kNoRecord);
  truth_.Rejected(reason);
}

void CorpusGenerator::WriteUnreadable(int64_t time) {
  const size_t log = PickFrontEnd();
  const uint32_t kind = random_.Below(std::size(kUnreadable));
  const uint16_t status = kind == 0 ? 408 : 400;
  const uint64_t bytes = renderer_.LoggedBytes(kind == 0 ? 0 : 301);
  const Address address = RobotAddress(&random_);
  char* out = renderer_.Head(logs_.Begin(log), "www.hanbit.example:443", address.view(), "-", time);
  out = renderer_.Middle(renderer_.Odd(out, kUnreadable[kind]), status, bytes);
  out = renderer_.Tail(WriteText(out, "-"), "-", 0);
  if (logs_.End(log, out, time)) truth_.Late();
  truth_.Record({.time = time,
                 .status = status,
                 .bytes = bytes,
                 .bucket = Bucket::kUnreadableRequest,
                 .has_latency = renderer_.has_latency()});
}

// Requests for hosts that are not the portal's: another virtual host, or somebody who
// takes the front end for a proxy.
void CorpusGenerator::WriteForeign(int64_t time) {
  const size_t log = PickFrontEnd();
  const bool proxy = !renderer_.has_host() || random_.Permille(300);
  const uint64_t bytes = renderer_.LoggedBytes(random_.Below(9000));
  const uint32_t stranger = strangers_++;
  const Address address = population_.StrangerAddress(stranger);
  char* out = renderer_.Head(logs_.Begin(log),
                             proxy ? "www.hanbit.example:443" : "intranet.hanbit.example:80",
                             address.view(), "-", time);
  out = WriteText(out, proxy ? "GET http://proxy-check.example/ HTTP/1.1"
                             : "GET /staff/notice.do?page=2 HTTP/1.1");
  out = renderer_.Middle(out, proxy ? 403 : 200, bytes);
  out = renderer_.Tail(WriteText(out, "-"), population_.StrangerAgent(stranger), 12);
  if (logs_.End(log, out, time)) truth_.Late();
  truth_.Record({.time = time,
                 .status = static_cast<uint16_t>(proxy ? 403 : 200),
                 .bytes = bytes,
                 .bucket = Bucket::kOutsidePortal,
                 .has_latency = renderer_.has_latency()});
}

// One page view of somebody who is not seen again, so many seconds behind the newest
// record of its log.
void CorpusGenerator::WriteBehind(int64_t time) {
  const size_t log = PickFrontEnd();
  const int64_t behind = kBehind[random_.Below(std::size(kBehind))];
  const Request page = journeys_.OnePage();
  if (logs_.newest(log) == LogSet::kNoRecord) return;
  const int64_t at = logs_.newest(log) - behind;
  if (at < options_.start || InOutage(at) || time - at > 400) return;
  WriteStranger(log, page, at);
}

void CorpusGenerator::WriteStranger(size_t log, const Request& request, int64_t time) {
  Actor actor;
  actor.address = population_.StrangerAddress(strangers_);
  actor.agent = population_.StrangerAgent(strangers_++);
  const uint64_t bytes = renderer_.LoggedBytes(request.bytes);
  Book(&actor, request, time, bytes);
  truth_.VisitorLeaves(&actor.truth);
  char* out = logs_.Begin(log);
  out = renderer_.Head(out, HostAndPort(request.path), actor.address.view(), "-", time);
  out = renderer_.Middle(WriteRequest(out, request, "HTTP/1.1"), request.status, bytes);
  out = renderer_.Tail(WriteReferrer(out, actor, request), actor.agent, 40);
  if (logs_.End(log, out, time)) truth_.Late();
}

}  // namespace civlog::corpus
