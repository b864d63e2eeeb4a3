#include "queries/render_query.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "parsers/absl_bridge.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/text_bars.h"
#include "queries/text_table.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

constexpr double kMicrosPerMillisecond = 1e3;
constexpr size_t kBarWidth = 12;

bool IsTotal(const QueryResult& result, const QueryRow& row) {
  return result.totals && &*result.totals == &row;
}

// Rows, and behind them the totals.
std::vector<const QueryRow*> AllRows(const QueryResult& result) {
  std::vector<const QueryRow*> rows;
  for (const QueryRow& row : result.rows) rows.push_back(&row);
  if (result.totals) rows.push_back(&*result.totals);
  return rows;
}

// A whole number as one.
ordered_json Number(double value, MeasureUnit unit) {
  if (unit == MeasureUnit::kCount || unit == MeasureUnit::kBytes) {
    return static_cast<uint64_t>(value);
  }
  return value;
}

// A share is of a total that it is part of, not of a sample.
bool HasInterval(const Measure& measure) {
  return measure.unit == MeasureUnit::kRate && measure.id != MeasureId::kShare;
}

ordered_json KeyToJson(const RecordField& field, const QueryCell& cell) {
  if (!cell.text) return nullptr;
  if (field.type == FieldType::kDuration) {
    return static_cast<double>(cell.number) / kMicrosPerMillisecond;
  }
  if (IsNumeric(field)) return cell.number;
  return EscapeForTerminal(*cell.text);
}

// Columns of data formats with their values, in order.
ordered_json RowToJson(const QueryResult& result, const QueryRow& row) {
  ordered_json json = ordered_json::object();
  for (size_t i = 0; i < result.plan.dimensions.size(); ++i) {
    const FieldRef& ref = result.plan.dimensions[i];
    json[ref.name()] = KeyToJson(*ref.field, row.keys[i]);
  }
  const auto real = [](const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
  };
  for (size_t i = 0; i < result.plan.measures.size(); ++i) {
    const Measure& measure = *result.plan.measures[i];
    const Figure& figure = row.figures[i];
    const std::string name(measure.name);
    json[name] = figure.value ? Number(*figure.value, measure.unit) : ordered_json(nullptr);
    if (measure.unit == MeasureUnit::kRate) {
      json[name + "_numerator"] = figure.rate.numerator;
      json[name + "_denominator"] = figure.rate.denominator;
    }
    if (HasInterval(measure)) {
      json[name + "_low"] = real(figure.rate.low);
      json[name + "_high"] = real(figure.rate.high);
    }
    if (figure.estimated) json[name + "_estimated"] = true;
    if (!result.plan.compare) continue;
    const FigureChange& change = row.changes[i];
    json[name + "_before"] =
        change.before.value ? Number(*change.before.value, measure.unit) : ordered_json(nullptr);
    json[name + "_change"] = real(change.absolute);
    json[name + "_change_relative"] = real(change.relative);
    json[name + "_change_significant"] =
        change.significant ? ordered_json(*change.significant) : ordered_json(nullptr);
  }
  if (row.missing_requests > 0) json["requests_missing_at_most"] = row.missing_requests;
  return json;
}

std::string KeyText(const QueryResult& result, const RecordField& field, const QueryCell& cell) {
  if (!cell.text) return std::string(kAbsentFigure);
  switch (field.id) {
    case FieldId::kMinute:
    case FieldId::kTenMinutes:
    case FieldId::kHour:
      return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMicros(cell.number), result.zone);
    case FieldId::kLatency:
      return absl::StrCat(">= ", FormatMilliseconds(static_cast<double>(cell.number) / 1e3));
    case FieldId::kBytesSent:
      return absl::StrCat(">= ", FormatBytes(static_cast<uint64_t>(cell.number)));
    default:
      return EscapeForTerminal(*cell.text);
  }
}

std::string FigureText(const Measure& measure, const Figure& figure) {
  if (!figure.value) return std::string(kAbsentFigure);
  switch (measure.unit) {
    case MeasureUnit::kCount:
      return (figure.estimated ? "~" : "") + FormatCount(static_cast<uint64_t>(*figure.value));
    case MeasureUnit::kBytes:
      return FormatBytes(static_cast<uint64_t>(*figure.value));
    case MeasureUnit::kMilliseconds:
      return FormatMilliseconds(figure.value);
    case MeasureUnit::kRate:
      break;
  }
  std::string text = FormatPercent(*figure.value, Language::kEnglish);
  if (measure.id != MeasureId::kShare) {
    absl::StrAppend(&text, " (", FormatCount(figure.rate.numerator), "/",
                    FormatCount(figure.rate.denominator), ")");
  }
  return text;
}

// "+12.3 %", of rates in percentage points; "*" where it is not by chance.
std::string ChangeText(const Measure& measure, const FigureChange& change) {
  std::string text(kAbsentFigure);
  const auto signed_text = [](double value, const std::string& amount) {
    return (value < 0 ? "-" : "+") + amount;
  };
  if (measure.unit == MeasureUnit::kRate) {
    if (change.absolute) {
      text =
          signed_text(*change.absolute, FormatDecimal(std::abs(*change.absolute) * 100, 1) + " pp");
    }
  } else if (change.relative) {
    text = signed_text(*change.relative, FormatDecimal(std::abs(*change.relative) * 100, 1) + " %");
  } else if (change.absolute && *change.absolute > 0) {
    text = "new";
  }
  return text + (change.significant.value_or(false) ? " *" : "  ");
}

bool IsTimeField(const RecordField& field) { return IsTimeDimension(field); }

// The measure that bars are drawn of: shares, else the first one along a lone time.
std::optional<size_t> BarMeasure(const QueryPlan& plan) {
  for (size_t i = 0; i < plan.measures.size(); ++i) {
    if (plan.measures[i]->id == MeasureId::kShare) return i;
  }
  const bool lone_time = plan.dimensions.size() == 1 && IsTimeField(*plan.dimensions[0].field);
  return lone_time ? std::optional<size_t>(0) : std::nullopt;
}

// Bars are of thousandths, so that rates have them too.
uint64_t BarPart(const Figure& figure) {
  return static_cast<uint64_t>(std::max(0.0, figure.value.value_or(0)) * 1000);
}

TextBlock RenderTable(const QueryResult& result, size_t width) {
  const QueryPlan& plan = result.plan;
  const std::optional<size_t> bar = BarMeasure(plan);
  std::vector<TableColumn> columns;
  int priority = 0;
  for (size_t i = 0; i < plan.dimensions.size(); ++i) {
    const FieldRef& ref = plan.dimensions[i];
    const bool number = ref.field->type == FieldType::kNumber;
    // The one that is longest gives way.
    const bool flexible = i + 1 == plan.dimensions.size() && !number;
    columns.push_back(
        {ref.name(), number ? Align::kRight : Align::kLeft, 0, flexible, flexible ? 16U : 0U});
  }
  for (const Measure* measure : plan.measures) {
    columns.push_back({std::string(measure->name), Align::kRight, priority++});
    if (plan.compare) columns.push_back({"change  ", Align::kRight, priority++});
  }
  if (bar) columns.push_back({"", Align::kLeft, priority++});
  uint64_t highest = 0;
  for (const QueryRow& row : result.rows) {
    if (bar) highest = std::max(highest, BarPart(row.figures[*bar]));
  }
  TextTable table(std::move(columns), 0);
  for (const QueryRow* row : AllRows(result)) {
    const bool total = IsTotal(result, *row);
    const Style style = total ? Style::kBold : Style::kPlain;
    std::vector<TableCell> cells;
    for (size_t i = 0; i < plan.dimensions.size(); ++i) {
      cells.push_back({total ? (i == 0 ? "total" : "")
                             : KeyText(result, *plan.dimensions[i].field, row->keys[i]),
                       style});
    }
    for (size_t i = 0; i < plan.measures.size(); ++i) {
      const bool bounded =
          row->missing_requests > 0 && plan.measures[i]->unit == MeasureUnit::kCount;
      cells.push_back(
          {(bounded ? ">= " : "") + FigureText(*plan.measures[i], row->figures[i]), style});
      if (plan.compare) cells.push_back({ChangeText(*plan.measures[i], row->changes[i]), style});
    }
    if (bar) {
      cells.push_back({total ? "" : Bar(BarPart(row->figures[*bar]), highest, kBarWidth)});
    }
    table.AddRow(std::move(cells));
  }
  return table.Render(width);
}

// One line for each group of the other dimensions where the last is a time.
TextBlock RenderSparklines(const QueryResult& result, size_t width) {
  const QueryPlan& plan = result.plan;
  const size_t last = plan.dimensions.size() - 1;
  std::vector<std::pair<std::string, std::vector<std::pair<int64_t, uint64_t>>>> lines;
  std::vector<int64_t> times;
  uint64_t highest = 0;
  for (const QueryRow& row : result.rows) {
    std::string name;
    for (size_t i = 0; i < last; ++i) {
      absl::StrAppend(&name, i == 0 ? "" : "  ",
                      KeyText(result, *plan.dimensions[i].field, row.keys[i]));
    }
    auto line =
        std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return l.first == name; });
    if (line == lines.end()) line = lines.insert(line, {name, {}});
    const uint64_t part = BarPart(row.figures[0]);
    line->second.emplace_back(row.keys[last].number, part);
    times.push_back(row.keys[last].number);
    highest = std::max(highest, part);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  constexpr size_t kMostLines = 20;
  if (times.size() < 3 || times.size() + 20 > width || lines.size() > kMostLines) return {};
  TextBlock block = {TextLine(), TextLine(absl::StrCat(ToAbsl(plan.measures[0]->name), " by ",
                                                       plan.dimensions[last].name()),
                                          Style::kDim)};
  for (const auto& [name, points] : lines) {
    TextLine line;
    for (const int64_t time : times) {
      const auto point = std::find_if(points.begin(), points.end(),
                                      [time](const auto& p) { return p.first == time; });
      line.Add(Spark(point == points.end() ? 0 : point->second, highest));
    }
    line.Add("  ").Add(name);
    block.push_back(line.ClipTo(width));
  }
  return block;
}

std::string Counted(uint64_t count, std::string_view one, std::string_view many) {
  return absl::StrCat(FormatCount(count), " ", ToAbsl(count == 1 ? one : many));
}

std::string Footer(const QueryResult& result) {
  std::string text = Counted(result.records, "record", "records");
  if (result.filtered_out > 0) {
    absl::StrAppend(&text, " of ", FormatCount(result.records + result.filtered_out),
                    " (the rest was filtered out)");
  }
  if (result.first) {
    absl::StrAppend(&text, ", ", absl::FormatTime("%Y-%m-%d %H:%M:%S", *result.first, result.zone),
                    " to ", absl::FormatTime("%Y-%m-%d %H:%M:%S", *result.last, result.zone), " ",
                    result.time_zone_name);
  }
  if (result.plan.compare) {
    const QueryComparison& c = *result.plan.compare;
    const auto time = [&result](int64_t time_us) {
      return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMicros(time_us), result.zone);
    };
    absl::StrAppend(&text, "; changes are of ", time(c.since_us), " to ", time(c.until_us),
                    " against ", time(c.since_us - c.shift_us), " to ",
                    time(c.until_us - c.shift_us), ", * not by chance (95 %)");
  }
  if (result.rejected > 0) {
    absl::StrAppend(&text, "; ", Counted(result.rejected, "line fits", "lines fit"), " no format");
  }
  if (result.rows_found > result.rows.size()) {
    absl::StrAppend(&text, "; ", FormatCount(result.rows.size()), " of ",
                    FormatCount(result.rows_found), " rows shown");
  }
  return text;
}

// What CSV and Markdown have in their columns.
std::vector<std::string> DataColumns(const QueryResult& result) {
  std::vector<std::string> names;
  for (const FieldRef& ref : result.plan.dimensions) names.push_back(ref.name());
  for (const Measure* measure : result.plan.measures) {
    const std::string name(measure->name);
    names.push_back(name);
    if (measure->unit == MeasureUnit::kRate) {
      names.push_back(name + "_numerator");
      names.push_back(name + "_denominator");
    }
    if (HasInterval(*measure)) {
      names.push_back(name + "_low");
      names.push_back(name + "_high");
    }
    if (!result.plan.compare) continue;
    for (const char* suffix : {"_before", "_change", "_change_relative", "_change_significant"}) {
      names.push_back(name + suffix);
    }
  }
  if (std::any_of(result.rows.begin(), result.rows.end(),
                  [](const QueryRow& row) { return row.missing_requests > 0; })) {
    names.emplace_back("requests_missing_at_most");
  }
  return names;
}

// "" for absent ones; numbers unrounded.
std::string DataText(const ordered_json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string RenderQueryText(const QueryResult& result, const QueryTextOptions& options) {
  TextBlock block = RenderTable(result, options.width);
  const auto& dimensions = result.plan.dimensions;
  if (dimensions.size() > 1 && IsTimeField(*dimensions.back().field) &&
      dimensions.back().field->type == FieldType::kTime) {
    Append(RenderSparklines(result, options.width), &block);
  }
  block.emplace_back();
  Append(WrapText(TextLine(), Footer(result), Style::kDim, options.width), &block);
  for (const std::string& note : result.notes) {
    Append(WrapText(TextLine("! ", Style::kCaution), note, Style::kCaution, options.width), &block);
  }
  std::string text;
  for (const TextLine& line : block) absl::StrAppend(&text, line.Render(options.color), "\n");
  return text;
}

std::string RenderQueryJson(const QueryResult& result, const std::string& version) {
  ordered_json json;
  json["schema"] = "civlog.query/1";
  json["generator"] = {{"name", "civlog"}, {"version", version}};
  json["time_zone"] = EscapeForTerminal(result.time_zone_name);
  const auto time = [&result](const std::optional<absl::Time>& t) -> ordered_json {
    if (!t) return nullptr;
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", *t, result.zone);
  };
  json["records"] = {{"first", time(result.first)},
                     {"last", time(result.last)},
                     {"selected", result.records},
                     {"filtered_out", result.filtered_out},
                     {"outside_period", result.outside_period}};
  json["lines"] = {{"read", result.lines_read}, {"rejected", result.rejected}};
  json["partial"] = result.interrupted || result.incomplete;
  json["columns"] = DataColumns(result);
  json["rows"] = ordered_json::array();
  for (const QueryRow& row : result.rows) json["rows"].push_back(RowToJson(result, row));
  json["rows_found"] = result.rows_found;
  json["totals"] = result.totals ? RowToJson(result, *result.totals) : ordered_json(nullptr);
  json["notes"] = result.notes;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string RenderQueryNdjson(const QueryResult& result) {
  std::string text;
  for (const QueryRow& row : result.rows) {
    text += RowToJson(result, row).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    text += '\n';
  }
  return text;
}

std::string CsvCell(std::string_view text) {
  std::string cell;
  // OWASP, "CSV Injection".
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    cell = "'";
  }
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + "\"";
}

std::string MarkdownCell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '<') {
      cell += "&lt;";
    } else if (c == '&') {
      cell += "&amp;";
    } else if (c == '\n' || c == '\r') {
      cell += ' ';
    } else {
      if (std::string_view("\\|*_`[]~").find(c) != std::string_view::npos) cell += '\\';
      cell += c;
    }
  }
  return cell;
}

std::string RenderQueryCsv(const QueryResult& result) {
  const std::vector<std::string> columns = DataColumns(result);
  std::string text;
  for (const std::string& column : columns) {
    absl::StrAppend(&text, &column == &columns.front() ? "" : ",", CsvCell(column));
  }
  text += "\r\n";
  for (const QueryRow* row : AllRows(result)) {
    const ordered_json values = RowToJson(result, *row);
    for (const std::string& column : columns) {
      const ordered_json value = values.value(column, ordered_json(nullptr));
      const std::string cell =
          value.is_string() ? CsvCell(value.get<std::string>()) : DataText(value);
      absl::StrAppend(
          &text, &column == &columns.front() ? "" : ",",
          IsTotal(result, *row) && &column == &columns.front() && cell.empty() ? "total" : cell);
    }
    text += "\r\n";
  }
  return text;
}

std::string RenderQueryMarkdown(const QueryResult& result) {
  const QueryPlan& plan = result.plan;
  std::string text = "|";
  std::string rule = "|";
  for (const FieldRef& ref : plan.dimensions) {
    absl::StrAppend(&text, " ", MarkdownCell(ref.name()), " |");
    rule += " --- |";
  }
  for (const Measure* measure : plan.measures) {
    absl::StrAppend(&text, " ", MarkdownCell(measure->name), " |", plan.compare ? " change |" : "");
    rule += plan.compare ? " ---: | ---: |" : " ---: |";
  }
  absl::StrAppend(&text, "\n", rule, "\n");
  for (const QueryRow* row : AllRows(result)) {
    const bool total = IsTotal(result, *row);
    text += "|";
    for (size_t i = 0; i < plan.dimensions.size(); ++i) {
      const std::string cell = total ? (i == 0 ? "total" : "")
                                     : KeyText(result, *plan.dimensions[i].field, row->keys[i]);
      absl::StrAppend(&text, " ", MarkdownCell(cell), " |");
    }
    for (size_t i = 0; i < plan.measures.size(); ++i) {
      absl::StrAppend(&text, " ", FigureText(*plan.measures[i], row->figures[i]), " |");
      if (plan.compare) {
        absl::StrAppend(&text, " ", MarkdownCell(ChangeText(*plan.measures[i], row->changes[i])),
                        " |");
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace civlog
