#include "tests/oracle/disclosure_attacker.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "tests/oracle/random_source.h"

namespace civlog::oracle {
namespace {

Bounds Known(const Figure& figure, Reading reading) {
  if (figure.hidden || figure.anonymous) return {};
  if (!figure.published) return figure.small() ? Bounds{1, 9} : Bounds{10, kNoEnd};
  const int64_t shown = *figure.published;
  if (shown == 0 || reading == Reading::kExact) return {shown, shown};
  return {std::max<int64_t>(10, shown - 2), shown + 2};
}

int64_t Times(int64_t sign, int64_t bound) { return sign > 0 ? bound : -bound; }

// Sums of bounds that may have no end.
struct Total {
  int64_t sum = 0;
  int endless = 0;
  void Add(int64_t bound) {
    bound >= kNoEnd || bound <= -kNoEnd ? void(++endless) : void(sum += bound);
  }
};

bool Tighten(const Equation& equation, std::vector<Bounds>* bounds) {
  bool changed = false;
  for (const Equation::Term& own : equation.terms) {
    Total low;
    Total high;
    for (const Equation::Term& other : equation.terms) {
      if (&other == &own) continue;
      const Bounds& b = (*bounds)[other.figure];
      low.Add(Times(other.sign, other.sign > 0 ? b.low : b.high));
      high.Add(Times(other.sign, other.sign > 0 ? b.high : b.low));
    }
    Bounds& b = (*bounds)[own.figure];
    const Bounds before = b;
    const Total& least = own.sign > 0 ? high : low;
    const Total& most = own.sign > 0 ? low : high;
    if (least.endless == 0) b.low = std::max(b.low, Times(-own.sign, least.sum));
    if (most.endless == 0) b.high = std::min(b.high, Times(-own.sign, most.sum));
    changed = changed || b.low != before.low || b.high != before.high;
  }
  return changed;
}

// Searches for other values: the figure is changed by one, and what that unbalances is
// put right by changing others by as much, nearest first, until all is balanced.
class OtherWorld {
 public:
  // Each attempt prefers other ways where they are as good or nearly so.
  OtherWorld(const PublishedFigures& figures, size_t attempt)
      : figures_(figures), attempt_(attempt), random_(attempt) {}

  bool Find(size_t figure, int64_t by) {
    budget_ = kBudget;
    return Change(figure, by) && Balance(kMostChanges);
  }

 private:
  static constexpr int kBudget = 2'000;
  static constexpr int kMostChanges = 100;
  static constexpr size_t kMostDetour = 4;

  bool Change(size_t figure, int64_t by) {
    const Figure& f = figures_.figures()[figure];
    const Bounds known = Known(f, Reading::kRounded);
    const int64_t value = f.truth + by;
    if (changed_.contains(figure) || value < known.low || value > known.high) return false;
    changed_.insert(figure);
    for (const size_t equation : f.equations) {
      for (const Equation::Term& term : figures_.equations()[equation].terms) {
        if (term.figure == figure) AddTo(equation, term.sign * by);
      }
    }
    return true;
  }

  void Undo(size_t figure, int64_t by) {
    for (const size_t equation : figures_.figures()[figure].equations) {
      for (const Equation::Term& term : figures_.equations()[equation].terms) {
        if (term.figure == figure) AddTo(equation, -term.sign * by);
      }
    }
    changed_.erase(figure);
  }

  void AddTo(size_t equation, int64_t by) {
    if ((unbalanced_[equation] += by) == 0) unbalanced_.erase(equation);
  }

  struct Move {
    size_t figure = 0;
    int64_t by = 0;
    size_t unbalanced = 0;  // equations, afterwards, and the detour
  };

  std::vector<Move> MovesFor(size_t equation, int64_t off) {
    std::vector<Move> moves;
    for (const Equation::Term& term : figures_.equations()[equation].terms) {
      const int64_t by = -term.sign * off;
      if (!Change(term.figure, by)) continue;
      const size_t detour = attempt_ == 0 ? 0 : random_.Below(kMostDetour);
      moves.push_back({term.figure, by, unbalanced_.size() + detour});
      Undo(term.figure, by);
    }
    std::stable_sort(moves.begin(), moves.end(),
                     [](const Move& a, const Move& b) { return a.unbalanced < b.unbalanced; });
    return moves;
  }

  // What is put right first has the fewest ways to be.
  bool Balance(int changes_left) {
    if (unbalanced_.empty()) return true;
    if (changes_left == 0 || --budget_ < 0) return false;
    std::optional<std::vector<Move>> moves;
    const std::map<size_t, int64_t> unbalanced = unbalanced_;
    for (const auto& [equation, off] : unbalanced) {
      std::vector<Move> ways = MovesFor(equation, off);
      if (!moves || ways.size() < moves->size()) moves = std::move(ways);
      if (moves->empty()) return false;
    }
    for (const Move& move : *moves) {
      Change(move.figure, move.by);
      if (Balance(changes_left - 1)) return true;
      Undo(move.figure, move.by);
    }
    return false;
  }

  const PublishedFigures& figures_;
  const size_t attempt_;
  Random random_;
  std::map<size_t, int64_t> unbalanced_;
  std::set<size_t> changed_;
  int budget_ = 0;
};

}  // namespace

std::vector<Bounds> Attack(const PublishedFigures& figures, Reading reading) {
  std::vector<Bounds> bounds;
  for (const Figure& figure : figures.figures()) bounds.push_back(Known(figure, reading));
  constexpr int kMostSweeps = 1000;
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    bool changed = false;
    for (const Equation& equation : figures.equations()) {
      changed = Tighten(equation, &bounds) || changed;
    }
    // What contradicts itself is no portal's: there is nothing more to learn.
    const bool contradicts =
        std::any_of(bounds.begin(), bounds.end(), [](const Bounds& b) { return b.low > b.high; });
    if (!changed || contradicts) break;
  }
  return bounds;
}

bool CanDiffer(const PublishedFigures& figures, size_t figure) {
  constexpr size_t kMostAttempts = 100;
  for (size_t attempt = 0; attempt < kMostAttempts; ++attempt) {
    for (const int64_t by : {1, -1}) {
      if (OtherWorld(figures, attempt).Find(figure, by)) return true;
    }
  }
  return false;
}

}  // namespace civlog::oracle
