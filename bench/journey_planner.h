// Plans citizens' visits.
//
// A plan is one visit, or several where somebody comes back to something unfinished.
// Requests of one plan are two seconds or more apart, but for planted double clicks
// and reloads; silences are well inside the half hour, well beyond it, or on it to
// the second.

#ifndef CIVLOG_BENCH_JOURNEY_PLANNER_H_
#define CIVLOG_BENCH_JOURNEY_PLANNER_H_

#include <cstdint>

#include "bench/plan.h"
#include "bench/portal_model.h"
#include "bench/random.h"

namespace civlog::corpus {

struct JourneyOptions {
  uint32_t edge_permille = 30;   // share of visits that plant a corner case
  uint32_t assets_milli = 2500;  // assets a page, in thousandths
};

// Not thread-safe. The random source and the path space must outlive it.
class JourneyPlanner {
 public:
  JourneyPlanner(const JourneyOptions& options, const PathSpace& paths, Random* random)
      : options_(options), paths_(paths), random_(*random) {}

  // Fills `*plan` (cleared first) with what a citizen does from `now` on.
  void PlanVisit(int64_t now, Plan* plan);
  // One page view and no more.
  Request OnePage();

 private:
  // Requests.
  Request& Add(const Request& request);
  Request& Page(PathId path, uint32_t number = 0, Query query = Query::kNone);
  Request& Form(Method method, PathId path, uint32_t number, Query query, uint16_t status);
  uint32_t Think();
  // The next request comes exactly `seconds` after the one before.
  void After(uint32_t seconds) { next_gap_ = seconds; }
  uint32_t AnyNumber(PathId path);
  void Enter();
  void BrowsePage();
  void Browse(uint32_t pages);
  void Stroll(uint32_t seconds);

  // Acts.
  void DoAct();
  void DoAct(const ActModel& act);
  void Repeat(const Request& form, uint32_t gap_s, Fact fact);
  const ActModel* PickAct();
  // At a district office.
  void DoRequest();

  // Transactions (journey_transactions.cc).
  enum class Fate : uint8_t {
    kGranted,
    kRefused,
    kAbandoned,
    kFailed,
    kRecovered,
    kSaved,
    kOnTheLimit,
    kPastTheLimit,
    kSkipping,
  };
  void DoTransaction();
  void DoTransaction(ServiceId service);
  void DoTransaction(const TransactionModel& model, Fate fate);
  Fate PickFate(const TransactionModel& model);
  bool Turn(const TransactionModel& model, Fate fate, uint32_t reached, bool* open);
  Request& Step(const TransactionModel& model, uint32_t step, Fact fact);
  void StepAccepted(const TransactionModel& model, uint32_t step, bool open);
  void Refuse(const TransactionModel& model);
  void Fail(const TransactionModel& model, uint32_t step);
  bool SaveAndReturn(const TransactionModel& model, bool* open);
  bool ReturnAfter(uint32_t seconds);
  void Finished(const TransactionModel& model);
  void CheckStatus(const TransactionModel& model);
  bool Used(ServiceId service) const { return (used_ >> Index(service) & 1) != 0; }

  // Corner cases (journey_edges.cc).
  void PlanEdge();
  void EdgeOfVisit();
  void EdgeOfRequest();
  void EdgeOfPath();
  void EdgeOfClicks();
  void EdgeOfEnd();
  void EdgeOfDepartments();
  void BookmarkedEnd(ServiceId service);

  const JourneyOptions options_;
  const PathSpace& paths_;
  Random& random_;
  Plan* plan_ = nullptr;
  int64_t time_ = 0;        // of the last request planned
  uint32_t next_gap_ = 0;   // 0: chosen by Think
  uint32_t used_ = 0;       // services that this plan acted on, one bit each
  bool requested_ = false;  // at a district office
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_JOURNEY_PLANNER_H_
