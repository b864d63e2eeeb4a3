// A corpus against tables: every line has an address, an agent, a path and a referrer
// that no other line has.

#include "bench/corpus_generator.h"

namespace civlog::corpus {
namespace {

// `key` is the line's number and, above it, the corpus's own half.
char* WriteUnique(char* out, uint64_t key) {
  const uint64_t hash = Scramble(key);
  for (int shift = 60; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[hash >> shift & 15];
  return out;
}

Address UniqueAddress(uint64_t key) {
  const uint64_t hash = Scramble(~key);
  return Ipv6(static_cast<uint16_t>(0x9000 + hash % 0x1000), static_cast<uint16_t>(hash >> 32),
              static_cast<uint16_t>(key >> 16), static_cast<uint16_t>(key));
}

// The request of line `key`, as the truth sees it.
Request HostileRequest(uint64_t key) {
  Request request;
  request.bytes = 1000 + static_cast<uint32_t>(key % 5000);
  request.referrer = kFirstExternal;
  const uint64_t kind = Scramble(key ^ (uint64_t{1} << 63)) % 100;
  if (kind < 55) {
    request.path = PathId::kNewsArticle;
  } else if (kind < 85) {
    request.path = PathId::kGone;
    request.status = kind < 70 ? 404 : 200;
  } else if (kind < 93) {
    request.path = PathId::kSign;
    request.method = Method::kPost;
    request.status = 302;
    request.fact = Fact::kAct;
  } else {
    request.path = PathId::kCertificateApply;
    request.fact = Fact::kStart;
  }
  return request;
}

char* WriteHostileRequest(char* out, const Request& request, uint64_t key) {
  const auto number = static_cast<uint32_t>(key);
  *out++ = ' ';
  if (request.path == PathId::kNewsArticle) {
    out = WriteDecimal(WriteText(out, "/news/articles/"), number);
  } else if (request.path == PathId::kGone) {
    out = WriteUnique(WriteText(out, "/x/"), key);
  } else if (request.path == PathId::kSign) {
    out = WriteText(WriteDecimal(WriteText(out, "/petition/"), number), "/sign");
  } else {
    out = WriteUnique(WriteText(out, "/minwon/apply.do;jsessionid="), key);
    out = WriteText(out, "?step=1");
  }
  return WriteText(out, " HTTP/1.1");
}

}  // namespace

void CorpusGenerator::RunHostile() {
  uint32_t number = 0;
  for (int64_t minute = options_.start; minute < End(); minute += 60) {
    if (minute > options_.start && (minute - options_.start) % kDay == 0) logs_.NextDay();
    if (InOutage(minute)) continue;
    busyness_passed_ += BusynessAt(minute);
    const uint64_t wanted = WantedBytes();
    const uint64_t begun = logs_.bytes();
    while (logs_.bytes() < wanted) {
      const uint64_t second = (logs_.bytes() - begun) * 60 / (wanted - begun);
      WriteHostile(number++, minute + static_cast<int64_t>(second));
    }
  }
}

void CorpusGenerator::WriteHostile(uint32_t number, int64_t time) {
  Actor actor;
  const uint64_t key = (Scramble(options_.seed) << 32) + number;
  const Request request = HostileRequest(key);
  const uint64_t bytes = renderer_.LoggedBytes(request.bytes);
  Book(&actor, request, time, bytes);
  truth_.VisitorLeaves(&actor.truth);
  const size_t log = PickFrontEnd();
  const Address address = UniqueAddress(key);
  char* out =
      renderer_.Head(logs_.Begin(log), HostAndPort(request.path), address.view(), "-", time);
  out = WriteText(out, MethodName(request.method));
  out = renderer_.Middle(WriteHostileRequest(out, request, key), request.status, bytes);
  out = WriteUnique(WriteText(out, "https://r"), key);
  out = WriteText(out, ".example/");
  char agent[128];
  char* agent_end = WriteDecimal(WriteText(agent, "Mozilla/5.0 (X11; Linux x86_64; rv:"), number);
  agent_end = WriteText(agent_end, ".0) Gecko/20100101 Firefox/140.0");
  out = renderer_.Tail(out, {agent, static_cast<size_t>(agent_end - agent)}, number % 900);
  if (logs_.End(log, out, time)) truth_.Late();
}

}  // namespace civlog::corpus
