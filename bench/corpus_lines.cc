// The lines of those who are under way.

#include <algorithm>

#include "bench/corpus_generator.h"

namespace civlog::corpus {
namespace {

constexpr uint32_t kHeldBackPermille = 12;
constexpr uint32_t kHeldBackAtMost = 55;  // safely inside the minute that is put right

std::string_view ProtocolOf(const Address& address) {
  return address.length % 3 == 0 ? "HTTP/1.1" : "HTTP/2.0";
}

}  // namespace

void CorpusGenerator::Book(Actor* actor, const Request& request, int64_t time, uint64_t bytes) {
  truth_.Record({.time = time,
                 .status = request.status,
                 .bytes = bytes,
                 .bucket = request.bucket,
                 .audience = request.audience,
                 .has_latency = renderer_.has_latency()});
  if (request.bucket == Bucket::kCounted) {
    truth_.Counted(&actor->truth, time, request, renderer_.has_latency());
  }
}

char* CorpusGenerator::WriteReferrer(char* out, const Actor& actor, const Request& request) const {
  if (request.referrer == kDirect) return WriteText(out, "-");
  if (request.referrer == kInternal) {
    return WritePageUrl(out, actor.page.path, actor.page.number, actor.page.query);
  }
  out = WriteText(WriteText(out, "https://"), kReferrerHosts[request.referrer - kFirstExternal]);
  if (request.referrer != kFirstExternal) return WriteText(out, "/");
  return WriteQuery(WriteText(out, "/find?"), Query::kSearch, request.number);
}

void CorpusGenerator::WriteRequestLine(Actor* actor, const Request& request, int64_t time) {
  if ((request.flags & kOtherFrontEnd) != 0) {
    actor->front_end = (actor->front_end + 1) % logs_.size();
  }
  const uint64_t bytes = renderer_.LoggedBytes(request.bytes);
  Book(actor, request, time, bytes);
  const uint64_t chance = random_.Next();
  const size_t log = actor->front_end;
  char* out = logs_.Begin(log);
  out = renderer_.Head(out, HostAndPort(request.path), actor->address.view(), actor->user, time);
  out = WriteRequest(out, request, ProtocolOf(actor->address));
  out = renderer_.Middle(out, request.status, bytes);
  out = WriteReferrer(out, *actor, request);
  out = renderer_.Tail(out, actor->agent, 3 + static_cast<uint32_t>(chance % 400));
  if (chance >> 32 < (uint64_t{kHeldBackPermille} << 32) / 1000) {
    logs_.EndLater(log, out, time, time + 1 + random_.Below(kHeldBackAtMost));
  } else if (logs_.End(log, out, time)) {
    truth_.Late();
  }
  if (request.method == Method::kGet && request.status < 400) actor->page = request;
  if (request.assets > 0) WriteAssets(actor, request, time);
}

// What a page is made of, in the same second or the next.
void CorpusGenerator::WriteAssets(Actor* actor, const Request& page, int64_t time) {
  const int64_t next = time + 1 < End() && !InOutage(time + 1) ? time + 1 : time;
  for (uint32_t i = 0; i < page.assets; ++i) {
    const uint64_t chance = random_.Next();
    Request asset;
    asset.bucket = Bucket::kAsset;
    asset.path = chance % 100 < 72 ? PathId::kStatic : PathId::kUpload;
    asset.number = asset.path == PathId::kStatic ? random_.Rank(StaticCount())
                                                 : random_.Below(paths_.numbers(PathId::kUpload));
    asset.bytes = 500 + static_cast<uint32_t>(chance >> 8 & 0xffff);
    if (chance >> 24 & 1) {
      asset.status = 304;
      asset.bytes = 0;
    } else if ((chance >> 25 & 127) == 0) {
      asset.status = 404;
    }
    const int64_t at = chance >> 32 & 1 ? next : time;
    const uint64_t bytes = renderer_.LoggedBytes(asset.bytes);
    Book(actor, asset, at, bytes);
    char* out = logs_.Begin(actor->front_end);
    out = renderer_.Head(out, HostAndPort(page.path), actor->address.view(), "-", at);
    out = WriteRequest(out, asset, ProtocolOf(actor->address));
    out = renderer_.Middle(out, asset.status, bytes);
    out = WritePageUrl(out, page.path, page.number, page.query);
    out = renderer_.Tail(out, actor->agent, 1 + static_cast<uint32_t>(chance >> 40 & 15));
    if (logs_.End(actor->front_end, out, at)) truth_.Late();
  }
}

}  // namespace civlog::corpus
