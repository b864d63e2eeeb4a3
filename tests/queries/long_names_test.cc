// Names that are not learned live as long as the events that carry them.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "queries/run_analysis.h"

namespace civlog {
namespace {

// Longer than what is learned, and none like the other.
std::string LongPath(int i) {
  return absl::StrCat("/page", i, "/", std::string(1'100 + static_cast<size_t>(i), 'x'));
}

std::string Line(absl::Time time, int second, const std::string& path) {
  return absl::StrCat(
      "192.0.2.", second % 200, " - - ",
      absl::FormatTime("[%d/%b/%Y:%H:%M:%S +0000]", time + absl::Seconds(second),
                       absl::UTCTimeZone()),
      " \"GET ", path,
      " HTTP/1.1\" 200 10 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\"\n");
}

// The second log is minutes behind, so that what the first one brings waits for it; and
// blocks are small, so that their buffers are used again meanwhile.
TEST(LongNamesTest, AreThoseOfTheirLines) {
  constexpr int kPaths = 40;
  constexpr int kSeconds = 3'000;
  constexpr size_t kShown = 200;
  const absl::Time begin = absl::FromCivil(absl::CivilHour(2026, 11, 16, 9), absl::UTCTimeZone());
  std::string ahead, behind;
  std::map<std::string, uint64_t> views;
  for (int second = 0; second < kSeconds; ++second) {
    // The lower its number, the more often a page is viewed.
    const int i = (second % kPaths) * (second % 7) / 7;
    ahead += Line(begin, second, LongPath(i));
    ++views[LongPath(i)];
    if (second % 300 != 0) continue;
    behind += Line(begin, second, LongPath(kPaths));
    ++views[LongPath(kPaths)];
  }
  for (const size_t threads : {size_t{1}, size_t{2}, size_t{4}}) {
    for (const size_t block_bytes : {size_t{2000}, size_t{20000}}) {
      const auto analysis =
          AnalyzeMemory("", {{"a.log", ahead}, {"b.log", behind}}, {threads, block_bytes});
      ASSERT_TRUE(analysis.ok()) << analysis.status();
      ASSERT_FALSE(analysis->top_pages.empty());
      for (const PathCount& page : analysis->top_pages) {
        // It is shown without its end.
        const auto whole = views.lower_bound(page.path.substr(0, kShown));
        ASSERT_NE(whole, views.end()) << page.path;
        EXPECT_EQ(whole->first.substr(0, kShown), page.path.substr(0, kShown));
        EXPECT_EQ(page.requests, whole->second) << page.path;
      }
    }
  }
}

}  // namespace
}  // namespace civlog
