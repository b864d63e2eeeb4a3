#include "queries/text_bars.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "queries/analysis.h"

namespace civlog {
namespace {

constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
constexpr std::string_view kHeights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kShades[] = {"█", "▓", "▒", "░"};

// value / whole of `units`, rounded, at most `units`.
size_t Scale(uint64_t value, uint64_t whole, size_t units) {
  if (whole == 0) return 0;
  const double share = static_cast<double>(std::min(value, whole)) / static_cast<double>(whole);
  return static_cast<size_t>(std::lround(share * static_cast<double>(units)));
}

std::string Repeat(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out.append(text);
  return out;
}

}  // namespace

std::string Bar(uint64_t part, uint64_t whole, size_t width) {
  if (IsSuppressed(part) || IsSuppressed(whole)) return "";
  size_t eighths = Scale(part, whole, width * 8);
  if (eighths == 0 && part > 0 && whole > 0 && width > 0) eighths = 1;
  return Repeat(kEighths[8], eighths / 8).append(kEighths[eighths % 8]);
}

std::string SpanBar(uint64_t first, uint64_t last, uint64_t whole, size_t width) {
  if (last <= first || whole == 0 || width == 0 || IsSuppressed(whole)) return "";
  size_t begin = std::min(Scale(first, whole, width * 2), width * 2 - 1);
  const size_t end = std::max(Scale(last, whole, width * 2), begin + 1);
  std::string out(begin / 2, ' ');
  if (begin % 2 == 1) {
    out.append("▐");
    ++begin;
  }
  if (end <= begin) return out;
  return out.append(Repeat("█", (end - begin) / 2)).append((end - begin) % 2 == 1 ? "▌" : "");
}

std::string StackedBar(std::vector<uint64_t> parts, size_t width) {
  for (uint64_t& part : parts) {
    if (IsSuppressed(part)) part = 0;
  }
  const uint64_t sum = std::accumulate(parts.begin(), parts.end(), uint64_t{0});
  if (sum == 0) return "";
  std::vector<size_t> columns;
  for (uint64_t part : parts) {
    columns.push_back(std::max<size_t>(Scale(part, sum, width), part > 0 ? 1 : 0));
  }
  // Rounding is made good where it is seen least: on the largest.
  const size_t total = std::accumulate(columns.begin(), columns.end(), size_t{0});
  size_t& largest = *std::max_element(columns.begin(), columns.end());
  largest = largest + width > total ? largest + width - total : 0;
  std::string out;
  for (size_t i = 0; i < columns.size(); ++i) out += Repeat(ShadeOf(i), columns[i]);
  return out;
}

std::string_view ShadeOf(size_t part) { return kShades[part % std::size(kShades)]; }

std::string_view Spark(uint64_t value, uint64_t highest) {
  if (IsSuppressed(value)) return kSuppressedSpark;
  if (value == 0 || highest == 0) return kHeights[0];
  return kHeights[std::max<size_t>(Scale(value, highest, 8), 1)];
}

}  // namespace civlog
