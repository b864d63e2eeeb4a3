#include <algorithm>
#include <map>
#include <utility>

#include "queries/query_result.h"
#include "queries/statistics.h"

namespace civlog {
namespace {

constexpr double kMillisecondUs = 1e3;

// What the visit and attempt tables say of a row.
struct VisitSums {
  uint64_t visits = 0;
  uint64_t bounces = 0;
  uint64_t acts = 0;
  uint64_t acting = 0;
  uint64_t participating = 0;
  uint64_t started = 0;
  uint64_t completed = 0;
  uint64_t failed = 0;
  uint64_t abandoned = 0;
  uint64_t open = 0;

  void Add(const VisitSums& other) {
    visits += other.visits;
    bounces += other.bounces;
    acts += other.acts;
    acting += other.acting;
    participating += other.participating;
    started += other.started;
    completed += other.completed;
    failed += other.failed;
    abandoned += other.abandoned;
    open += other.open;
  }
};

struct RowSums {
  const GroupCounters* records = nullptr;
  uint64_t missing_requests = 0;
  VisitSums visits;
};

Figure Count(uint64_t count) {
  Figure figure;
  figure.value = static_cast<double>(count);
  return figure;
}

Figure RateFigure(const Rate& rate) {
  Figure figure;
  figure.value = rate.value;
  figure.rate = rate;
  return figure;
}

Figure RateOf(uint64_t numerator, uint64_t denominator) {
  return RateFigure(Proportion(numerator, denominator));
}

Figure Visitors(const GroupCounters& counters) {
  if (counters.visitors == nullptr) return Count(0);
  const DistinctCounter* whole = counters.visitors.get();
  const DistinctCount count = DistinctCounter::Count({&whole, 1});
  // An estimate may say more than there can be.
  Figure figure = Count(std::min(count.count, counters.counted));
  figure.estimated = !count.exact;
  return figure;
}

Figure Latency(const GroupCounters& counters, MeasureId id) {
  Figure figure;
  if (counters.latency == nullptr || counters.latency->count() == 0) return figure;
  const LatencyHistogram& latency = *counters.latency;
  const auto quantile = [&latency](double q) { return *latency.QuantileUs(q) / kMillisecondUs; };
  switch (id) {
    case MeasureId::kP50:
      figure.value = quantile(0.50);
      break;
    case MeasureId::kP90:
      figure.value = quantile(0.90);
      break;
    case MeasureId::kP95:
      figure.value = quantile(0.95);
      break;
    case MeasureId::kP99:
      figure.value = quantile(0.99);
      break;
    case MeasureId::kMax:
      figure.value = static_cast<double>(latency.max_us()) / kMillisecondUs;
      break;
    default:
      figure.value = static_cast<double>(counters.latency_sum_us) /
                     static_cast<double>(latency.count()) / kMillisecondUs;
  }
  return figure;
}

// The figures of one row; every definition is that of docs/metrics.md.
Figure FigureOf(MeasureId id, const RowSums& row) {
  static const GroupCounters kNone;
  const GroupCounters& records = row.records != nullptr ? *row.records : kNone;
  const VisitSums& visits = row.visits;
  switch (id) {
    case MeasureId::kRequests:
      return Count(records.requests);
    case MeasureId::kCounted:
      return Count(records.counted);
    case MeasureId::kPageViews:
      return Count(records.page_views);
    case MeasureId::kVisitors:
      return Visitors(records);
    case MeasureId::kBytesSent:
      return Count(records.bytes_sent);
    case MeasureId::kErrorRate:
      return RateOf(records.errors, records.requests);
    case MeasureId::kServerErrorRate:
      return RateOf(records.server_errors, records.requests);
    case MeasureId::kP50:
    case MeasureId::kP90:
    case MeasureId::kP95:
    case MeasureId::kP99:
    case MeasureId::kMax:
    case MeasureId::kAverage:
      return Latency(records, id);
    case MeasureId::kVisits:
      return Count(visits.visits);
    case MeasureId::kActs:
      return Count(visits.acts);
    case MeasureId::kStarted:
      return Count(visits.started);
    case MeasureId::kCompleted:
      return Count(visits.completed);
    case MeasureId::kFailed:
      return Count(visits.failed);
    case MeasureId::kAbandoned:
      return Count(visits.abandoned);
    case MeasureId::kCompletionRate:
      return RateOf(visits.completed, visits.started - visits.open);
    case MeasureId::kInteractionRate:
      return RateOf(visits.acting, visits.visits);
    case MeasureId::kParticipationRate:
      return RateOf(visits.participating, visits.visits);
    case MeasureId::kBounceRate:
      return RateOf(visits.bounces, visits.visits);
    case MeasureId::kShare:
      break;
  }
  return {};
}

// A row, and the same of the period before.
struct ComparedSums {
  RowSums now;
  RowSums before;
};

std::optional<bool> IsSignificant(const Measure& measure, const Figure& now, const Figure& before) {
  if (measure.unit == MeasureUnit::kRate) return ProportionsDiffer(now.rate, before.rate);
  if (measure.unit != MeasureUnit::kCount || now.estimated || before.estimated) return std::nullopt;
  return CountsDiffer(static_cast<uint64_t>(now.value.value_or(0)),
                      static_cast<uint64_t>(before.value.value_or(0)));
}

FigureChange ChangeOf(const Measure& measure, const Figure& now, const Figure& before) {
  FigureChange change;
  change.before = before;
  if (now.value && before.value) {
    change.absolute = *now.value - *before.value;
    if (*before.value != 0) change.relative = *change.absolute / *before.value;
  }
  change.significant = IsSignificant(measure, now, before);
  return change;
}

class QueryComputation {
 public:
  QueryComputation(const QueryPlan& plan, const RunResult& run, const Catalog* catalog,
                   const QueryOptions& options)
      : plan_(plan),
        run_(run),
        catalog_(catalog),
        options_(options),
        reader_(catalog, nullptr, options.zone, options.language, run.segments) {}

  QueryResult Compute() {
    Describe();
    if (plan_.has_record_measures()) AddRecords();
    if (plan_.has_visit_measures()) {
      AddVisits();
      AddAttempts();
    }
    if (plan_.dimensions.empty() && rows_.empty() && run_.records > 0) rows_[""];
    FillRows();
    Order();
    return std::move(result_);
  }

 private:
  void Describe();
  void AddRecords();
  void AddVisits();
  void AddStages(const CounterTable& table);
  void AddAttempts();
  bool by_service() const { return Has(FieldId::kService, FieldId::kDepartment, FieldId::kKind); }
  template <typename... Ids>
  bool Has(Ids... ids) const {
    return std::any_of(plan_.dimensions.begin(), plan_.dimensions.end(),
                       [ids...](const auto& ref) { return ((ref.field->id == ids) || ...); });
  }
  // `shift_us` is added to its times.
  std::string KeyOf(HourId hour, int64_t shift_us, ServiceId service, std::string_view stage);
  void FillRows();
  std::vector<Figure> FiguresOf(const RowSums& sums, const RowSums& total) const;
  QueryRow MakeRow(const std::string& key, const ComparedSums& sums) const;
  // The side of a row that an hour belongs to; null where it is of neither period.
  VisitSums* VisitsOf(HourId hour, ServiceId service, std::string_view stage);
  VisitSums* TotalOf(HourId hour);
  QueryCell MakeCell(const FieldRef& ref, const FieldValue& value) const;
  void Order();

  const QueryPlan& plan_;
  const RunResult& run_;
  const Catalog* catalog_;
  const QueryOptions& options_;
  FieldReader reader_;
  QueryResult result_;
  std::map<std::string, ComparedSums> rows_;  // by key
  ComparedSums total_;
  bool nothing_before_ = false;         // where periods are compared: no record is of the first
  GroupCounters sum_now_, sum_before_;  // where there are two
  size_t exact_visitors_left_ = size_t{1} << 20;
};

void QueryComputation::Describe() {
  result_.plan = plan_;
  result_.zone = options_.zone;
  result_.time_zone_name = options_.time_zone_name;
  result_.lines_read = run_.traffic.lines;
  for (const uint64_t rejected : run_.traffic.rejected) result_.rejected += rejected;
  result_.outside_period = run_.traffic.outside_period;
  result_.filtered_out = run_.traffic.filtered_out;
  result_.records = run_.records;
  if (run_.records > 0) {
    result_.first = absl::FromUnixMicros(run_.first_us);
    result_.last = absl::FromUnixMicros(run_.last_us);
  }
  result_.interrupted = run_.interrupted;
  for (const RunSource& source : run_.sources) {
    result_.incomplete = result_.incomplete || !source.status.ok();
  }
  result_.notes = run_.notes;
  if (!plan_.compare || run_.records == 0) return;
  nothing_before_ = run_.first_us >= plan_.compare->since_us;
  if (nothing_before_) {
    result_.notes.emplace_back(
        "no record is of the period before: there is nothing to compare with");
  }
}

void QueryComputation::AddRecords() {
  const bool compares = plan_.compare.has_value();
  for (const Group& group : run_.groups.groups) {
    std::string_view key = group.key;
    bool before = false;
    if (compares) {
      before = ValuesOfKey(key).front().number == 1;
      key.remove_prefix(1 + sizeof(int64_t));
      AddCounters(group.counters, &exact_visitors_left_, before ? &sum_before_ : &sum_now_);
    }
    ComparedSums& row = rows_[std::string(key)];
    RowSums& side = before ? row.before : row.now;
    side.records = &group.counters;
    side.missing_requests = group.missing_requests;
  }
  total_.now.records = compares ? &sum_now_ : &run_.groups.total;
  total_.before.records = &sum_before_;
}

VisitSums* QueryComputation::TotalOf(HourId hour) {
  if (!plan_.compare) return &total_.now.visits;
  const int period = plan_.compare->PeriodOf(absl::ToUnixMicros(Calendar::TimeOf(hour)));
  if (period < 0) return nullptr;
  return period == 0 ? &total_.now.visits : &total_.before.visits;
}

VisitSums* QueryComputation::VisitsOf(HourId hour, ServiceId service, std::string_view stage) {
  if (!plan_.compare) return &rows_[KeyOf(hour, 0, service, stage)].now.visits;
  const int period = plan_.compare->PeriodOf(absl::ToUnixMicros(Calendar::TimeOf(hour)));
  if (period < 0) return nullptr;
  const int64_t shift_us = period == 1 ? plan_.compare->shift_us : 0;
  ComparedSums& row = rows_[KeyOf(hour, shift_us, service, stage)];
  return period == 0 ? &row.now.visits : &row.before.visits;
}

std::string QueryComputation::KeyOf(HourId hour, int64_t shift_us, ServiceId service,
                                    std::string_view stage) {
  std::string key;
  for (const FieldRef& ref : plan_.dimensions) {
    const FieldId id = ref.field->id;
    if (id == FieldId::kStage) {
      AppendToKey(FieldValue::Text(stage), &key);
    } else if (id == FieldId::kHour) {
      const int64_t begin_us = absl::ToUnixMicros(Calendar::TimeOf(hour));
      AppendToKey(FieldValue::Number(begin_us + shift_us), &key);
    } else if (ref.field->of_line) {
      AppendToKey(reader_.OfTime(id, reader_.TimeIn(hour) + shift_us), &key);
    } else {
      AppendToKey(reader_.OfService(id, service), &key);
    }
  }
  return key;
}

void QueryComputation::AddStages(const CounterTable& table) {
  constexpr std::pair<VisitMeasure, std::string_view> kStages[] = {
      {kEnhancedVisits, "enhanced"},
      {kInteractiveVisits, "interactive"},
      {kTransactionalVisits, "transactional"},
      {kSeamlessVisits, "seamless"}};
  for (size_t row = 0; row < table.rows(); ++row) {
    if (ServiceOfKey(table.key(row)) != kNoService) continue;
    for (const auto& [measure, name] : kStages) {
      const uint64_t visits = table.value(row, measure);
      if (visits == 0) continue;
      VisitSums* const sums = VisitsOf(HourOfKey(table.key(row)), kNoService, name);
      if (sums != nullptr) sums->visits += visits;
    }
  }
}

void QueryComputation::AddVisits() {
  const CounterTable& table = run_.visits.visits;
  if (Has(FieldId::kStage)) AddStages(table);
  for (size_t row = 0; row < table.rows(); ++row) {
    const ServiceId service = ServiceOfKey(table.key(row));
    VisitSums sums;
    sums.visits = table.value(row, kVisits);
    sums.bounces = table.value(row, kBounces);
    sums.acts = table.value(row, kActs);
    sums.acting = table.value(row, kActingVisits);
    sums.participating = table.value(row, kParticipatingVisits);
    const HourId hour = HourOfKey(table.key(row));
    if (service == kNoService) {
      if (VisitSums* const total = TotalOf(hour)) total->Add(sums);
    } else if (catalog_ != nullptr) {
      const ServiceKind kind = catalog_->services[service].kind;
      if (kind == ServiceKind::kInformation) sums.acting = 0;
      if (kind == ServiceKind::kParticipation) sums.participating = sums.acting;
    }
    if (Has(FieldId::kStage) || by_service() == (service == kNoService)) continue;
    if (VisitSums* const side = VisitsOf(hour, service, "")) side->Add(sums);
  }
}

void QueryComputation::AddAttempts() {
  const CounterTable& table = run_.visits.attempts;
  for (size_t row = 0; row < table.rows(); ++row) {
    VisitSums sums;
    sums.started = table.value(row, kStarted);
    sums.completed = table.value(row, kGranted) + table.value(row, kRefused);
    sums.failed = table.value(row, kFailed);
    sums.abandoned = table.value(row, kAbandoned);
    sums.open = table.value(row, kOpen);
    const HourId hour = HourOfKey(table.key(row));
    if (VisitSums* const total = TotalOf(hour)) total->Add(sums);
    if (Has(FieldId::kStage)) continue;
    VisitSums* const side = VisitsOf(hour, ServiceOfKey(table.key(row)), "");
    if (side != nullptr) side->Add(sums);
  }
}

QueryCell QueryComputation::MakeCell(const FieldRef& ref, const FieldValue& value) const {
  QueryCell cell;
  cell.number = value.number;
  if (value.kind == FieldValue::Kind::kAbsent) return cell;
  cell.text = FieldText(*ref.field, value, options_.zone);
  if (ref.field->id == FieldId::kSource) {
    const auto rank = static_cast<size_t>(value.number);
    if (rank < run_.sources.size()) cell.text = run_.sources[rank].name;
  }
  return cell;
}

std::vector<Figure> QueryComputation::FiguresOf(const RowSums& sums, const RowSums& total) const {
  std::vector<Figure> figures;
  const auto count = [this](const RowSums& of) {
    return static_cast<uint64_t>(FigureOf(plan_.share_of->id, of).value.value_or(0));
  };
  for (const Measure* measure : plan_.measures) {
    figures.push_back(measure->id == MeasureId::kShare
                          ? RateFigure(Ratio(count(sums), count(total)))
                          : FigureOf(measure->id, sums));
  }
  return figures;
}

QueryRow QueryComputation::MakeRow(const std::string& key, const ComparedSums& sums) const {
  QueryRow row;
  row.missing_requests = sums.now.missing_requests;
  const std::vector<FieldValue> values = ValuesOfKey(key);
  for (size_t i = 0; i < values.size(); ++i) {
    row.keys.push_back(MakeCell(plan_.dimensions[i], values[i]));
  }
  row.figures = FiguresOf(sums.now, total_.now);
  if (!plan_.compare) return row;
  const std::vector<Figure> before = FiguresOf(sums.before, total_.before);
  for (size_t i = 0; i < before.size(); ++i) {
    row.changes.push_back(
        nothing_before_ ? FigureChange() : ChangeOf(*plan_.measures[i], row.figures[i], before[i]));
  }
  return row;
}

void QueryComputation::FillRows() {
  for (const auto& [key, sums] : rows_) result_.rows.push_back(MakeRow(key, sums));
  result_.rows_found = result_.rows.size();
  if (!plan_.totals) return;
  QueryRow totals = MakeRow("", total_);
  totals.keys.resize(plan_.dimensions.size());
  result_.totals = std::move(totals);
}

// Absent ones last, whatever the direction.
template <typename T>
int OrderOf(const std::optional<T>& a, const std::optional<T>& b, bool descending) {
  if (a.has_value() != b.has_value()) return a.has_value() ? -1 : 1;
  if (!a || *a == *b) return 0;
  return (*a < *b) != descending ? -1 : 1;
}

int OrderOf(const RecordField& field, const QueryCell& a, const QueryCell& b, bool descending) {
  constexpr std::string_view kWeek = "montuewedthufrisatsun";
  if (field.id == FieldId::kWeekday && a.text && b.text) {
    const size_t day_a = kWeek.find(*a.text);
    const size_t day_b = kWeek.find(*b.text);
    return day_a == day_b ? 0 : (day_a < day_b) != descending ? -1 : 1;
  }
  if (a.text && b.text && (IsNumeric(field) || field.type == FieldType::kTime)) {
    return a.number == b.number ? 0 : (a.number < b.number) != descending ? -1 : 1;
  }
  return OrderOf(a.text, b.text, descending);
}

void QueryComputation::Order() {
  const size_t dimensions = plan_.dimensions.size();
  const auto column = [&](const QueryRow& a, const QueryRow& b, size_t c, bool descending) {
    if (c >= dimensions) {
      return OrderOf(a.figures[c - dimensions].value, b.figures[c - dimensions].value, descending);
    }
    return OrderOf(*plan_.dimensions[c].field, a.keys[c], b.keys[c], descending);
  };
  const auto before = [&](const QueryRow& a, const QueryRow& b) {
    for (const QueryOrder& order : plan_.order) {
      if (const int o = column(a, b, order.column, order.descending); o != 0) return o < 0;
    }
    for (size_t c = 0; c < dimensions; ++c) {
      if (const int o = column(a, b, c, false); o != 0) return o < 0;
    }
    return false;
  };
  std::vector<QueryRow>& rows = result_.rows;
  if (plan_.at_least > 0) {
    const auto counts =
        std::find_if(plan_.measures.begin(), plan_.measures.end(),
                     [](const Measure* measure) { return measure->unit == MeasureUnit::kCount; });
    if (counts != plan_.measures.end()) {
      const auto at = static_cast<size_t>(counts - plan_.measures.begin());
      std::erase_if(rows, [&](const QueryRow& row) {
        return row.figures[at].value.value_or(0) < static_cast<double>(plan_.at_least);
      });
    }
  }
  std::stable_sort(rows.begin(), rows.end(), before);
  if (plan_.top > 0 && rows.size() > plan_.top) rows.resize(plan_.top);
}

}  // namespace

QueryResult ComputeQuery(const QueryPlan& plan, const RunResult& run, const Catalog* catalog,
                         const QueryOptions& options) {
  return QueryComputation(plan, run, catalog, options).Compute();
}

}  // namespace civlog
