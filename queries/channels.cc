#include "queries/channels.h"

#include <charconv>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/text_file.h"
#include "parsers/absl_bridge.h"
#include "parsers/nearest.h"
#include "queries/csv_reader.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

constexpr std::string_view kHeader = "service,week,channel,completions";
constexpr size_t kColumns = 4;
constexpr std::string_view kOnline = "online";
// No city has as many; sums of them fit.
constexpr uint64_t kMostCompletions = uint64_t{1} << 40;
// A file with more errors is another file.
constexpr size_t kMostErrors = 20;

std::string Quoted(std::string_view text) {
  return absl::StrCat("\"", ClipToWidth(EscapeForTerminal(text), 40), "\"");
}

// The Monday of an ISO week such as 2026-W47.
std::optional<absl::CivilDay> ParseWeek(std::string_view text) {
  int64_t year = 0;
  int week = 0;
  if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
  const char* begin = text.data();
  if (std::from_chars(begin, begin + 4, year).ptr != begin + 4) return std::nullopt;
  if (std::from_chars(begin + 6, begin + 8, week).ptr != begin + 8) return std::nullopt;
  // The first week is the one with 4 January (ISO 8601-1, 4.2.4).
  const absl::CivilDay first =
      absl::PrevWeekday(absl::CivilDay(year, 1, 4) + 1, absl::Weekday::monday);
  const absl::CivilDay monday = first + 7 * (week - 1);
  if (week < 1 || FormatIsoWeek(monday) != text) return std::nullopt;
  return monday;
}

std::optional<uint64_t> ParseCount(std::string_view text) {
  uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stopped != end || text.empty()) return std::nullopt;
  return count;
}

using Key = std::pair<std::string, absl::CivilDay>;

// Reads one file and collects what is wrong with it.
class ChannelReader {
 public:
  ChannelReader(std::string file, const Catalog& catalog)
      : file_(std::move(file)), catalog_(catalog) {}

  void Read(std::string_view text);
  absl::Status status() const;
  std::map<Key, std::map<std::string, uint64_t>> Take() { return std::move(counts_); }

 private:
  void ReadRow(const CsvRow& row);
  bool CheckService(const CsvRow& row);
  void Error(uint32_t line, const std::string& message, const std::string& remedy);

  const std::string file_;
  const Catalog& catalog_;
  std::map<Key, std::map<std::string, uint64_t>> counts_;
  std::map<std::pair<Key, std::string>, uint32_t> lines_;
  std::vector<std::string> errors_;
};

void ChannelReader::Error(uint32_t line, const std::string& message, const std::string& remedy) {
  if (errors_.size() > kMostErrors) return;
  errors_.push_back(errors_.size() == kMostErrors
                        ? absl::StrCat(file_, ": more errors follow")
                        : absl::StrCat(file_, ":", line, ": ", message, "; ", remedy));
}

absl::Status ChannelReader::status() const {
  std::string message;
  for (const std::string& error : errors_) {
    absl::StrAppend(&message, message.empty() ? "" : "\n", error);
  }
  return message.empty() ? absl::OkStatus() : absl::InvalidArgumentError(message);
}

bool ChannelReader::CheckService(const CsvRow& row) {
  const std::string& id = row.cells[0];
  const std::optional<size_t> found = catalog_.FindService(id);
  if (!found) {
    std::vector<std::string_view> known;
    for (const Service& service : catalog_.services) known.push_back(service.id);
    Error(row.line, absl::StrCat(Quoted(id), " is no service", DidYouMean(id, known)),
          "give the id that the catalogue has");
    return false;
  }
  if (catalog_.services[*found].kind == ServiceKind::kTransaction) return true;
  Error(row.line, absl::StrCat(Quoted(id), " is no transaction, which alone is completed"),
        "leave the line out");
  return false;
}

void ChannelReader::ReadRow(const CsvRow& row) {
  if (!row.problem.empty()) return Error(row.line, row.problem, "write it as RFC 4180 has it");
  if (row.cells.size() != kColumns) {
    return Error(row.line, absl::StrCat("has ", row.cells.size(), " cells, not ", kColumns),
                 absl::StrCat("cells are ", ToAbsl(kHeader)));
  }
  const bool known = CheckService(row);
  const std::optional<absl::CivilDay> monday = ParseWeek(row.cells[1]);
  if (!monday) {
    Error(row.line, absl::StrCat(Quoted(row.cells[1]), " is no week"),
          "write an ISO week such as 2026-W47");
  }
  const std::string& channel = row.cells[2];
  if (channel.empty() || channel == kOnline) {
    Error(row.line, channel.empty() ? "the channel has no name" : "online is no other channel",
          channel.empty() ? "name it, such as counter" : "what is completed online the logs tell");
  }
  const std::optional<uint64_t> count = ParseCount(row.cells[3]);
  if (!count || *count > kMostCompletions) {
    Error(row.line, absl::StrCat(Quoted(row.cells[3]), " is no number of completions"),
          "write a whole number in digits, 0 for none");
  }
  if (!known || !monday || channel.empty() || channel == kOnline || !count ||
      *count > kMostCompletions) {
    return;
  }
  const Key key = {row.cells[0], *monday};
  const auto [line, is_new] = lines_.try_emplace({key, channel}, row.line);
  if (!is_new) {
    return Error(row.line,
                 absl::StrCat("is for the same service, week and channel as line ", line->second),
                 "keep one of them, or add them up");
  }
  counts_[key][channel] = *count;
}

void ChannelReader::Read(std::string_view text) {
  CsvReader reader(text);
  const std::optional<CsvRow> header = reader.Next();
  const std::vector<std::string> expected = {"service", "week", "channel", "completions"};
  if (!header || header->cells != expected) {
    return Error(header ? header->line : 1, "the header line is missing or another",
                 absl::StrCat("begin with ", ToAbsl(kHeader)));
  }
  while (const std::optional<CsvRow> row = reader.Next()) ReadRow(*row);
}

// The Mondays of the period's weeks; empty where it is not whole weeks.
std::vector<absl::CivilDay> WeeksOf(const Analysis& analysis) {
  std::vector<absl::CivilDay> mondays;
  if (!analysis.from || !analysis.to || analysis.partial()) return mondays;
  const absl::CivilDay end = absl::ToCivilDay(*analysis.to, analysis.time_zone);
  for (absl::CivilDay day = absl::ToCivilDay(*analysis.from, analysis.time_zone); day < end;
       day += 7) {
    mondays.push_back(day);
  }
  return mondays;
}

// By channel over all weeks; nullopt where one is not known.
std::optional<std::map<std::string, uint64_t>> SumUp(const ChannelCounts& counts,
                                                     const std::string& service,
                                                     const std::vector<absl::CivilDay>& mondays) {
  if (mondays.empty()) return std::nullopt;
  std::map<std::string, uint64_t> sums;
  for (const absl::CivilDay monday : mondays) {
    const std::map<std::string, uint64_t>* week = counts.Find(service, monday);
    if (week == nullptr) return std::nullopt;
    for (const auto& [channel, count] : *week) sums[channel] += count;
  }
  return sums;
}

}  // namespace

absl::StatusOr<ChannelCounts> ChannelCounts::Parse(std::string_view text, const std::string& file,
                                                   const Catalog& catalog) {
  ChannelReader reader(EscapeForTerminal(file), catalog);
  reader.Read(text);
  if (absl::Status status = reader.status(); !status.ok()) return status;
  ChannelCounts counts;
  counts.counts_ = reader.Take();
  return counts;
}

absl::StatusOr<ChannelCounts> ChannelCounts::Load(const std::string& file, const Catalog& catalog) {
  const absl::StatusOr<std::string> text = ReadTextFile(file);
  if (text.ok()) return Parse(*text, file, catalog);
  return absl::Status(text.status().code(),
                      absl::StrCat(EscapeForTerminal(file), ": ", text.status().message(),
                                   "; check [report] channels of the catalogue, or --channels"));
}

const std::map<std::string, uint64_t>* ChannelCounts::Find(const std::string& service,
                                                           absl::CivilDay monday) const {
  const auto found = counts_.find({service, monday});
  return found == counts_.end() ? nullptr : &found->second;
}

void AddChannels(const ChannelCounts& counts, Analysis* analysis) {
  const std::vector<absl::CivilDay> mondays = WeeksOf(*analysis);
  for (ServiceFigures& service : analysis->services) {
    if (!service.attempts) continue;
    const auto sums = SumUp(counts, service.id, mondays);
    if (!sums) continue;
    const uint64_t online = service.attempts->granted + service.attempts->refused;
    uint64_t all = online;
    service.other_channels.clear();
    for (const auto& [channel, count] : *sums) {
      service.other_channels.push_back({channel, count});
      all += count;
    }
    service.digital_take_up = Proportion(online, all);
  }
}

}  // namespace civlog
