// Charts as SVG: columns for counts, a line with its interval for rates.
//
// Drawn on a grid of 360 by 170 units, which a narrow screen shows at about its size.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/escape.h"
#include "queries/figure_text.h"
#include "queries/report_html.h"

namespace civlog {
namespace {

constexpr double kWidth = 360;
constexpr double kHeight = 170;
constexpr double kTop = 18;
constexpr double kBottom = 148;
constexpr double kLeft = 2;
constexpr double kAxisLeft = 44;  // where an axis has its numbers to the left
constexpr double kRight = 356;
constexpr double kLabelY = 163;
// A label takes about so much for each column of its width.
constexpr double kLabelUnit = 6.6;

std::string Number(double value) {
  std::string text = FormatDecimal(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string Text(double x, double y, std::string_view anchor, std::string_view attributes,
                 std::string_view text) {
  std::string out = absl::StrCat("<text x=\"", Number(x), "\" y=\"", Number(y), "\"");
  if (!anchor.empty()) out.append(" text-anchor=\"").append(anchor).append("\"");
  out.append(attributes).append(">").append(EscapeHtml(text)).append("</text>");
  return out;
}

std::string FigureAttributes(const ChartPoint& point) {
  if (point.pointer.empty() || !point.value) return "";
  std::string out = " data-value=\"";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *point.value).ptr;
  out.append(buffer.data(), end).append("\" data-figure=\"");
  return out.append(EscapeHtml(point.pointer)).append("\"");
}

std::string Line(std::string_view kind, double x1, double y1, double x2, double y2) {
  return std::string("<line class=\"")
      .append(kind)
      .append(absl::StrCat("\" x1=\"", Number(x1), "\" y1=\"", Number(y1), "\" x2=\"", Number(x2),
                           "\" y2=\"", Number(y2), "\"/>"));
}

// Every how many points have a label, so that none touches the next.
size_t LabelEvery(const std::vector<ChartPoint>& points, double step) {
  size_t widest = 1;
  for (const ChartPoint& point : points) widest = std::max(widest, DisplayWidth(point.label));
  const double needed = (static_cast<double>(widest) + 1) * kLabelUnit;
  return static_cast<size_t>(std::max(1.0, std::ceil(needed / step)));
}

std::string Labels(const std::vector<ChartPoint>& points, double left, double step) {
  const size_t every = LabelEvery(points, step);
  std::string out;
  for (size_t i = 0; i < points.size(); ++i) {
    // Counted from the last, which is the one that the report is about.
    if ((points.size() - 1 - i) % every != 0) continue;
    out += Text(left + (static_cast<double>(i) + 0.5) * step, kLabelY, "middle", " class=\"tick\"",
                points[i].label);
  }
  return out;
}

std::string Hatch(const std::string& id) {
  return absl::StrCat("<defs><pattern id=\"", id,
                      "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                      "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" "
                      "x2=\"0\" y2=\"6\"/></pattern></defs>");
}

// The last point's value, at the right edge, above all that is drawn below it: `top` is where
// a point's drawing ends.
template <typename Top>
std::string LastLabel(const std::vector<ChartPoint>& points, double step, const Top& top) {
  const ChartPoint& last = points.back();
  const double width = static_cast<double>(DisplayWidth(last.text) + 1) * kLabelUnit;
  const size_t covered = static_cast<size_t>(width / step) + 1;
  double y = top(last);
  for (size_t i = points.size() - std::min(covered, points.size()); i < points.size(); ++i) {
    y = std::min(y, top(points[i]));
  }
  return Text(kRight, y - 5, "end", FigureAttributes(last), last.text);
}

std::string Columns(const std::vector<ChartPoint>& points, std::string_view id) {
  double most = 0;
  size_t widest = 1;
  bool incomplete = false;
  for (const ChartPoint& point : points) {
    most = std::max(most, point.value.value_or(0));
    widest = std::max(widest, DisplayWidth(point.text));
    incomplete = incomplete || point.incomplete;
  }
  const double step = (kRight - kLeft) / static_cast<double>(points.size());
  const bool every_value = step >= static_cast<double>(widest) * kLabelUnit;
  const std::string hatch = std::string("hatch-").append(id);
  std::string out = incomplete ? Hatch(hatch) : "";
  for (size_t i = 0; i < points.size(); ++i) {
    const ChartPoint& point = points[i];
    const double x = kLeft + static_cast<double>(i) * step;
    if (!point.value) {
      out += Text(x + step / 2, kBottom - 4, "middle", " class=\"tick\"", kAbsentFigure);
      continue;
    }
    const double height = most > 0 ? *point.value / most * (kBottom - kTop) : 0;
    absl::StrAppend(&out, "<rect class=\"", point.incomplete ? "outline" : "column", "\" x=\"",
                    Number(x + step * 0.14), "\" y=\"", Number(kBottom - height), "\" width=\"",
                    Number(step * 0.72), "\" height=\"", Number(height), "\"");
    if (point.incomplete) absl::StrAppend(&out, " style=\"fill:url(#", hatch, ")\"");
    out += "/>";
    if (every_value) {
      out +=
          Text(x + step / 2, kBottom - height - 5, "middle", FigureAttributes(point), point.text);
    }
  }
  if (!every_value && points.back().value) {
    const auto top = [&](const ChartPoint& point) {
      return kBottom - (most > 0 ? point.value.value_or(0) / most : 0) * (kBottom - kTop);
    };
    out += LastLabel(points, step, top);
  }
  return out + Line("axis", kLeft, kBottom, kRight, kBottom) + Labels(points, kLeft, step);
}

// What an axis of shares spans: the values and their intervals, in steps of a round size.
struct Axis {
  double low = 0, high = 1, step = 0.25;
  double Y(double value) const { return kBottom - (value - low) / (high - low) * (kBottom - kTop); }
};

Axis AxisOf(const std::vector<ChartPoint>& points) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const ChartPoint& point : points) {
    if (!point.value) continue;
    low = std::min(low, point.low.value_or(*point.value));
    high = std::max(high, point.high.value_or(*point.value));
  }
  Axis axis;
  if (low > high) return axis;
  for (const double step : {0.01, 0.02, 0.05, 0.1, 0.2, 0.25}) {
    axis.step = step;
    axis.low = std::floor(low / step) * step;
    axis.high = std::ceil(high / step) * step;
    constexpr double kMostSteps = 4.001;
    if ((axis.high - axis.low) / step <= kMostSteps) break;
  }
  if (axis.high <= axis.low) axis.high = axis.low + axis.step;
  return axis;
}

std::string Grid(const Axis& axis, Language language) {
  std::string out;
  for (double tick = axis.low; tick <= axis.high + axis.step / 2; tick += axis.step) {
    const double y = axis.Y(tick);
    out += Line("grid", kAxisLeft, y, kRight, y);
    std::string text = FormatDecimal(std::abs(tick) * 100, 0);
    text += language == Language::kKorean ? "%" : " %";
    out += Text(kAxisLeft - 5, y + 4, "end", " class=\"tick\"", text);
  }
  return out;
}

// A stretch of points that are all known: its band, line and dots.
std::string Stretch(const std::vector<ChartPoint>& points, size_t first, size_t end,
                    const Axis& axis, double step) {
  const auto x = [step](size_t i) {
    return Number(kAxisLeft + (static_cast<double>(i) + 0.5) * step);
  };
  std::string upper;
  std::string lower;
  std::string line;
  std::string dots;
  for (size_t i = first; i < end; ++i) {
    const ChartPoint& point = points[i];
    const double high = point.high.value_or(*point.value);
    const double low = point.low.value_or(*point.value);
    absl::StrAppend(&upper, x(i), ",", Number(axis.Y(high)), " ");
    lower = absl::StrCat(x(i), ",", Number(axis.Y(low)), " ", lower);
    absl::StrAppend(&line, x(i), ",", Number(axis.Y(*point.value)), " ");
    absl::StrAppend(&dots, "<circle class=\"dot\" cx=\"", x(i), "\" cy=\"",
                    Number(axis.Y(*point.value)), "\" r=\"", i + 1 == points.size() ? "4" : "2",
                    "\"/>");
  }
  return absl::StrCat("<polygon class=\"band\" points=\"", upper, lower,
                      "\"/><polyline class=\"line\" points=\"", line, "\"/>", dots);
}

std::string LineChart(const std::vector<ChartPoint>& points, Language language) {
  const Axis axis = AxisOf(points);
  const double step = (kRight - kAxisLeft) / static_cast<double>(points.size());
  std::string out;
  for (size_t i = 0; i < points.size(); ++i) {
    if (!points[i].value) continue;
    size_t end = i;
    while (end < points.size() && points[end].value) ++end;
    out += Stretch(points, i, end, axis, step);
    i = end;
  }
  if (points.back().value) {
    out += LastLabel(points, step, [&axis](const ChartPoint& point) {
      return point.value ? axis.Y(point.high.value_or(*point.value)) : kBottom;
    });
  }
  return Grid(axis, language) + out + Labels(points, kAxisLeft, step);
}

}  // namespace

std::string DrawChart(const ReportDrawing& drawing, std::string_view id,
                      std::string_view describedby, Language language) {
  std::string out = "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ";
  out.append(Number(kWidth)).append(" ").append(Number(kHeight)).append("\" aria-label=\"");
  out.append(EscapeHtml(drawing.label)).append("\"");
  if (!describedby.empty()) {
    out.append(" aria-describedby=\"").append(EscapeHtml(describedby)).append("\"");
  }
  out.append(">");
  if (!drawing.points.empty()) {
    out += drawing.form == ReportDrawing::Form::kColumns ? Columns(drawing.points, EscapeHtml(id))
                                                         : LineChart(drawing.points, language);
  }
  return out.append("</svg>");
}

}  // namespace civlog
