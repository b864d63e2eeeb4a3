// Cells and the sums that tie them together: what decides which counts are kept back.
//
// A cell is a count. It is shown (in as many places as it stands), or hidden: nobody
// prints it, but it can be told from what is printed, such as the attempts that ended at a
// step, which are the difference of two. A relation is a sum of cells with signs that is
// 0: the total less its parts. The table keeps back
//
//   1. every shown cell of 1 to 9, and whatever is a part of it, also cells of 0: where a
//      few small parts are known to be at least 1 each, their small total tells them;
//   2. of every relation in which only one cell is unknown a second one, since the first
//      could be told from the others: the least important one, of those the smallest;
//   3. further cells, until somebody who knows all relations, the rounding, and for every
//      cell that is kept back whether it is so for its size or for another's sake, still
//      finds several values possible for every count of 1 to 9. He is simulated: intervals
//      are narrowed by each relation in turn until nothing changes (the shuttle algorithm of
//      Buzzigoli and Giusti, 1999).
//
// Each of them makes work for the others, so they are repeated until nothing is left to do.

#ifndef CIVLOG_QUERIES_DISCLOSURE_TABLE_H_
#define CIVLOG_QUERIES_DISCLOSURE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace civlog {

class DisclosureTable {
 public:
  using CellId = uint32_t;

  // How much is lost where a cell is kept back for another's sake.
  enum class Rank : uint8_t { kDetail, kFigure, kTotal, kHeadline };

  // Adds a shown cell by its name, or a further place to the one that has the name.
  // Absent where `*place` is kSuppressedCount: there is no figure then. The place outlives
  // the table. A place with another count than the cell's is a cell of its own.
  std::optional<CellId> Add(const std::string& name, uint64_t* place, Rank rank);
  // A further place where `cell` stands; false, and nothing, where it has another count.
  bool AddPlace(CellId cell, uint64_t* place);
  // A cell that is printed nowhere.
  CellId AddHidden(uint64_t value);

  // total = sum of the parts. Where they do not add up, a hidden cell is what is missing.
  // Nothing where one of them is absent.
  void Sum(std::optional<CellId> total, const std::vector<std::optional<CellId>>& parts);
  // What is less than the other or as much: the difference is hidden, and returned.
  std::optional<CellId> Within(std::optional<CellId> part, std::optional<CellId> whole);
  // `lesser` cells together are as much as `greater` together, or less.
  void AtMost(const std::vector<std::optional<CellId>>& lesser,
              const std::vector<std::optional<CellId>>& greater);

  uint64_t value(CellId cell) const { return cells_[cell].value; }

  // Decides, and writes to all places: kSuppressedCount, or the rounded count.
  void Publish();

 private:
  // kWithheld: for being part of a small total; may be 0.
  enum class State : uint8_t { kShown, kSmall, kWithheld, kSecondary, kHidden };
  struct Cell {
    uint64_t value = 0;
    State state = State::kHidden;
    Rank rank = Rank::kDetail;
    std::vector<uint64_t*> places;
    std::vector<uint32_t> relations;
  };
  struct Term {
    CellId cell = 0;
    int64_t sign = 1;
  };
  struct Relation {
    std::vector<Term> terms;
    bool is_breakdown = false;  // the first term is the total of the others
  };
  // What the cell may be for all that one can tell; high is kUnbounded where it has no end.
  struct Interval {
    int64_t low = 0;
    int64_t high = 0;
  };

  void AddRelation(Relation relation);
  bool IsUnknown(const Cell& cell) const;
  bool CanBeKeptBack(const Cell& cell) const;
  bool IsCheaper(CellId a, CellId b) const;
  // Step 1: the parts of what is kept back for being small.
  void WithholdBreakdowns();
  // Step 2 for all relations, until none is left with a single unknown.
  void KeepBackSeconds(std::vector<uint32_t> relations);
  void KeepBack(CellId cell, std::vector<uint32_t>* touched);
  // Step 3: what the attacker knows, and whom he finds.
  Interval Known(const Cell& cell) const;
  std::vector<Interval> Attack() const;
  static bool Narrow(const std::vector<Term>& terms, std::vector<Interval>* intervals);
  bool IsExposed(const Cell& cell, const Interval& interval) const;
  // The cheapest cell to keep back of those that are the fewest relations away.
  std::optional<CellId> Nearest(CellId exposed) const;

  std::vector<Cell> cells_;
  std::vector<Relation> relations_;
  absl::flat_hash_map<std::string, CellId> by_name_;
};

}  // namespace civlog

#endif  // CIVLOG_QUERIES_DISCLOSURE_TABLE_H_
