// What a store holds as bytes, and its key file: whatever stands there is read or refused.
// The first byte says as what.

#include <memory>

#include "engine/catalog.h"
#include "engine/key_file.h"
#include "engine/latency_histogram.h"
#include "engine/run_parts.h"
#include "engine/service_model.h"
#include "engine/state_archive.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

// What is read whole is written as it was read, and so again.
void ReadShard(std::string_view bytes) {
  static const std::unique_ptr<ServiceModel>& services =
      *new std::unique_ptr<ServiceModel>(*ServiceModel::Make(nullptr));
  Shard shard(*services, 1'800'000'000, absl::UTCTimeZone(), {}, TimeDetail::kAllByPeriod, {});
  StateReader reader(bytes);
  reader(shard);
  if (!reader.complete()) return;
  StateWriter writer;
  writer(shard);
  const std::string written = writer.Take();
  Shard second(*services, 1'800'000'000, absl::UTCTimeZone(), {}, TimeDetail::kAllByPeriod, {});
  StateReader again(written);
  again(second);
  Require(again.complete(), "a state that was written is read");
}

void ReadHistogram(std::string_view bytes) {
  const std::optional<LatencyHistogram> histogram = LatencyHistogram::Decode(bytes);
  if (!histogram) return;
  const std::optional<LatencyHistogram> again = LatencyHistogram::Decode(histogram->Encode());
  Require(again && again->Encode() == histogram->Encode(), "a histogram is read as written");
  for (const double quantile : {0.0, 0.5, 0.99, 1.0}) {
    Require(again->QuantileUs(quantile).has_value() == (again->count() > 0), "it has quantiles");
  }
}

void ReadKeys(std::string_view text) {
  const absl::StatusOr<StoredKeys> keys = ParseKeys(text, "portal.db.keys");
  if (!keys.ok()) {
    Require(keys.status().message().find("portal.db.keys: ") == 0, "the message names the file");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = AsText(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      ReadShard(bytes);
      break;
    case 1:
      ReadHistogram(bytes);
      break;
    default:
      ReadKeys(bytes);
      break;
  }
  return 0;
}
