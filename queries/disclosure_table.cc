#include "queries/disclosure_table.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "queries/disclosure.h"

namespace civlog {
namespace {

// Beyond what can be counted: of counts above it nothing small can be told.
constexpr int64_t kGreatest = int64_t{1} << 50;
constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();
// What stays possible for every count of 1 to 9.
constexpr int64_t kLeastPossible = 3;
// Intervals that still narrow then do so by crumbs.
constexpr int kMostSweeps = 200;

bool IsSmall(uint64_t value) { return value > 0 && value < kLeastPublishedCount; }

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(std::min<uint64_t>(value, static_cast<uint64_t>(kGreatest)));
}

uint64_t Rounded(uint64_t value) {
  const uint64_t below = value - value % kPublishedCountStep;
  const bool up = value % kPublishedCountStep > kPublishedCountStep / 2 &&
                  below < kSuppressedCount - kPublishedCountStep;
  return up ? below + kPublishedCountStep : below;
}

bool HasAnyOf(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

}  // namespace

std::optional<DisclosureTable::CellId> DisclosureTable::Add(const std::string& name,
                                                            uint64_t* place, Rank rank) {
  if (IsSuppressed(*place)) return std::nullopt;
  const auto [entry, is_new] = by_name_.try_emplace(name, static_cast<CellId>(cells_.size()));
  if (!is_new && AddPlace(entry->second, place)) return entry->second;
  Cell cell;
  cell.value = *place;
  cell.state = IsSmall(*place) ? State::kSmall : State::kShown;
  cell.rank = rank;
  cell.places.push_back(place);
  cells_.push_back(std::move(cell));
  return static_cast<CellId>(cells_.size() - 1);
}

bool DisclosureTable::AddPlace(CellId cell, uint64_t* place) {
  std::vector<uint64_t*>& places = cells_[cell].places;
  if (cells_[cell].value != *place) return false;
  if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  return true;
}

DisclosureTable::CellId DisclosureTable::AddHidden(uint64_t value) {
  cells_.emplace_back().value = value;
  return static_cast<CellId>(cells_.size() - 1);
}

void DisclosureTable::AddRelation(Relation relation) {
  for (const Term& term : relation.terms) {
    cells_[term.cell].relations.push_back(static_cast<uint32_t>(relations_.size()));
  }
  relations_.push_back(std::move(relation));
}

void DisclosureTable::Sum(std::optional<CellId> total,
                          const std::vector<std::optional<CellId>>& parts) {
  if (!total) return;
  Relation relation = {{{*total, 1}}, true};
  int64_t missing = Signed(value(*total));
  for (const std::optional<CellId>& part : parts) {
    if (!part) return;
    relation.terms.push_back({*part, -1});
    missing -= Signed(value(*part));
  }
  if (missing != 0) {
    relation.is_breakdown = missing > 0;
    relation.terms.push_back(
        {AddHidden(static_cast<uint64_t>(std::abs(missing))), missing > 0 ? -1 : 1});
  }
  AddRelation(std::move(relation));
}

void DisclosureTable::AtMost(const std::vector<std::optional<CellId>>& lesser,
                             const std::vector<std::optional<CellId>>& greater) {
  Relation relation;
  relation.is_breakdown = greater.size() == 1;
  int64_t difference = 0;
  for (const auto& [cells, sign] :
       {std::pair(&greater, int64_t{1}), std::pair(&lesser, int64_t{-1})}) {
    for (const std::optional<CellId>& cell : *cells) {
      if (!cell) return;
      relation.terms.push_back({*cell, sign});
      difference += sign * Signed(value(*cell));
    }
  }
  // What does not hold nobody can use.
  if (difference < 0) return;
  relation.terms.push_back({AddHidden(static_cast<uint64_t>(difference)), -1});
  AddRelation(std::move(relation));
}

std::optional<DisclosureTable::CellId> DisclosureTable::Within(std::optional<CellId> part,
                                                               std::optional<CellId> whole) {
  if (!part || !whole || value(*part) > value(*whole)) return std::nullopt;
  AtMost({part}, {whole});
  return static_cast<CellId>(cells_.size() - 1);
}

bool DisclosureTable::IsUnknown(const Cell& cell) const {
  return cell.state == State::kWithheld || (cell.state != State::kShown && cell.value > 0);
}

// A 0 is no unknown to anybody who is told where the others are.
bool DisclosureTable::CanBeKeptBack(const Cell& cell) const {
  return cell.state == State::kShown && cell.value > 0;
}

bool DisclosureTable::IsCheaper(CellId a, CellId b) const {
  const Cell& x = cells_[a];
  const Cell& y = cells_[b];
  if (x.rank != y.rank) return x.rank < y.rank;
  return x.value != y.value ? x.value < y.value : a < b;
}

void DisclosureTable::KeepBack(CellId cell, std::vector<uint32_t>* touched) {
  cells_[cell].state = State::kSecondary;
  touched->insert(touched->end(), cells_[cell].relations.begin(), cells_[cell].relations.end());
}

void DisclosureTable::WithholdBreakdowns() {
  bool more = true;
  while (more) {
    more = false;
    for (const Relation& relation : relations_) {
      if (!relation.is_breakdown) continue;
      const State total = cells_[relation.terms.front().cell].state;
      if (total != State::kSmall && total != State::kWithheld) continue;
      for (size_t i = 1; i < relation.terms.size(); ++i) {
        State& part = cells_[relation.terms[i].cell].state;
        if (part == State::kHidden || part == State::kWithheld) continue;
        part = State::kWithheld;
        more = true;
      }
    }
  }
}

void DisclosureTable::KeepBackSeconds(std::vector<uint32_t> relations) {
  while (!relations.empty()) {
    const Relation& relation = relations_[relations.back()];
    relations.pop_back();
    size_t unknown = 0;
    bool kept_back = false;
    std::optional<CellId> cheapest;
    for (const Term& term : relation.terms) {
      const Cell& cell = cells_[term.cell];
      if (IsUnknown(cell)) {
        ++unknown;
        kept_back = kept_back || cell.state != State::kHidden;
      }
      if (CanBeKeptBack(cell) && (!cheapest || IsCheaper(term.cell, *cheapest))) {
        cheapest = term.cell;
      }
    }
    if (unknown == 1 && kept_back && cheapest) KeepBack(*cheapest, &relations);
  }
}

DisclosureTable::Interval DisclosureTable::Known(const Cell& cell) const {
  constexpr auto kLeast = static_cast<int64_t>(kLeastPublishedCount);
  switch (cell.state) {
    case State::kHidden:
    case State::kWithheld:
      return {0, kUnbounded};
    case State::kSmall:
      return {1, kLeast - 1};
    case State::kSecondary:
      return {kLeast, kUnbounded};
    case State::kShown:
      break;
  }
  if (cell.value == 0) return {0, 0};
  constexpr auto kMargin = static_cast<int64_t>(kPublishedCountStep / 2);
  const int64_t rounded = Signed(Rounded(cell.value));
  return {std::max(kLeast, rounded - kMargin), rounded + kMargin};
}

// Each cell is what the others leave it.
bool DisclosureTable::Narrow(const std::vector<Term>& terms, std::vector<Interval>* intervals) {
  int64_t low = 0;  // of the sum, without what has no end
  int64_t high = 0;
  int endless_low = 0;
  int endless_high = 0;
  const auto ends = [&](const Term& term) {
    const Interval& interval = (*intervals)[term.cell];
    return term.sign > 0 ? std::pair(interval.low, interval.high)
                         : std::pair(interval.high, interval.low);
  };
  const auto add = [&](const Term& term, int64_t by) {
    const auto [least, most] = ends(term);
    if (least == kUnbounded)
      endless_low += static_cast<int>(by);
    else
      low += by * term.sign * least;
    if (most == kUnbounded)
      endless_high += static_cast<int>(by);
    else
      high += by * term.sign * most;
  };
  for (const Term& term : terms) add(term, 1);
  bool narrowed = false;
  for (const Term& term : terms) {
    add(term, -1);
    Interval& interval = (*intervals)[term.cell];
    const Interval before = interval;
    // sign * cell = -(sum of the others).
    const bool has_low = term.sign > 0 ? endless_high == 0 : endless_low == 0;
    const bool has_high = term.sign > 0 ? endless_low == 0 : endless_high == 0;
    if (has_low) interval.low = std::max(interval.low, term.sign > 0 ? -high : low);
    if (has_high) interval.high = std::min(interval.high, term.sign > 0 ? -low : high);
    narrowed = narrowed || before.low != interval.low || before.high != interval.high;
    add(term, 1);
  }
  return narrowed;
}

std::vector<DisclosureTable::Interval> DisclosureTable::Attack() const {
  std::vector<Interval> intervals;
  intervals.reserve(cells_.size());
  for (const Cell& cell : cells_) intervals.push_back(Known(cell));
  std::vector<char> waiting(relations_.size(), 1);
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    bool any = false;
    for (size_t r = 0; r < relations_.size(); ++r) {
      if (waiting[r] == 0) continue;
      waiting[r] = 0;
      if (!Narrow(relations_[r].terms, &intervals)) continue;
      any = true;
      for (const Term& term : relations_[r].terms) {
        for (const uint32_t other : cells_[term.cell].relations) waiting[other] = 1;
      }
    }
    if (!any) break;
  }
  return intervals;
}

bool DisclosureTable::IsExposed(const Cell& cell, const Interval& interval) const {
  if (!IsSmall(cell.value)) return false;
  constexpr auto kMost = static_cast<int64_t>(kLeastPublishedCount) - 1;
  const int64_t possible = std::min(interval.high, kMost) - std::max<int64_t>(interval.low, 1) + 1;
  return possible < kLeastPossible;
}

std::optional<DisclosureTable::CellId> DisclosureTable::Nearest(CellId exposed) const {
  std::vector<char> seen(cells_.size(), 0);
  std::vector<CellId> front = {exposed};
  seen[exposed] = 1;
  while (!front.empty()) {
    std::vector<CellId> next;
    std::optional<CellId> cheapest;
    for (const CellId cell : front) {
      for (const uint32_t relation : cells_[cell].relations) {
        for (const Term& term : relations_[relation].terms) {
          if (seen[term.cell] != 0) continue;
          seen[term.cell] = 1;
          next.push_back(term.cell);
          if (CanBeKeptBack(cells_[term.cell]) && (!cheapest || IsCheaper(term.cell, *cheapest))) {
            cheapest = term.cell;
          }
        }
      }
    }
    if (cheapest) return cheapest;
    front = std::move(next);
  }
  return std::nullopt;
}

void DisclosureTable::Publish() {
  WithholdBreakdowns();
  std::vector<uint32_t> relations(relations_.size());
  for (size_t r = 0; r < relations.size(); ++r) relations[r] = static_cast<uint32_t>(r);
  for (bool more = true; more;) {
    KeepBackSeconds(std::move(relations));
    relations.clear();
    const std::vector<Interval> intervals = Attack();
    for (size_t i = 0; i < cells_.size(); ++i) {
      // What was done for one may help its neighbours.
      if (!IsExposed(cells_[i], intervals[i]) || HasAnyOf(cells_[i].relations, relations)) continue;
      const std::optional<CellId> nearest = Nearest(static_cast<CellId>(i));
      if (nearest) KeepBack(*nearest, &relations);
    }
    more = !relations.empty();
  }
  for (const Cell& cell : cells_) {
    for (uint64_t* place : cell.places) {
      *place = cell.state == State::kShown ? Rounded(cell.value) : kSuppressedCount;
    }
  }
}

}  // namespace civlog
