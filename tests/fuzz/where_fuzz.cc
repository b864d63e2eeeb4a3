// An expression on the first line, records on the others: a mistake has its column, and
// `not` of an expression says the opposite of it.

#include "engine/service_model.h"
#include "queries/where_expression.h"
#include "tests/fuzz/fuzz.h"

using namespace civlog;  // NOLINT: a fuzzer is one function

namespace {

Choice Opposite(Choice choice) {
  if (choice == Choice::kUnknown) return choice;
  return choice == Choice::kYes ? Choice::kNo : Choice::kYes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = AsText(data, size);
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string expression(text.substr(0, end));
  const auto parsed = WhereExpression::Parse(expression, absl::UTCTimeZone());
  if (!parsed.ok()) {
    const std::string message(parsed.status().message());
    Require(message.starts_with("--where: column ") && message.ends_with("^"), message);
    return 0;
  }
  const auto negated = WhereExpression::Parse("not (" + expression + ")", absl::UTCTimeZone());
  if (!negated.ok()) return 0;  // brackets are bounded
  static const FormatList formats = *ResolveLogFormat("combined");
  LineParser parser(formats, absl::UTCTimeZone());
  static RecordBatch batch;
  FieldReader reader(nullptr, nullptr, absl::UTCTimeZone(), "en");
  Block block;
  block.buffer.assign(text.begin() + static_cast<std::ptrdiff_t>(end), text.end());
  block.size = block.buffer.size();
  block.buffer.resize(block.size + kBlockPadding);
  size_t offset = 0;
  uint64_t line = 1;
  while (offset < block.size) {
    parser.Parse(block, &offset, &line, &batch);
    TappedRecord record;
    record.batch = &batch;
    for (record.i = 0; record.i < batch.size; ++record.i) {
      Require(
          (*negated)->Evaluate(record, &reader) == Opposite((*parsed)->Evaluate(record, &reader)),
          expression);
    }
  }
  return 0;
}
