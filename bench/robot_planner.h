// Plans what comes along that is no citizen: robots, probes, health checks.

#ifndef CIVLOG_BENCH_ROBOT_PLANNER_H_
#define CIVLOG_BENCH_ROBOT_PLANNER_H_

#include <string_view>

#include "bench/agents.h"
#include "bench/plan.h"
#include "bench/portal_model.h"
#include "bench/random.h"

namespace civlog::corpus {

// Not thread-safe. The random source and the path space must outlive it.
class RobotPlanner {
 public:
  RobotPlanner(const PathSpace& paths, Random* random) : paths_(paths), random_(*random) {}

  // A robot of the list, chosen by weight; fills `*plan` (cleared first) and returns its
  // agent.
  std::string_view PlanRobot(Plan* plan);
  // Exploit probes under a browser's agent: told by their paths alone. `*has_page` says
  // whether the plan also asks for a page of the portal, which makes a citizen of it.
  void PlanProbes(Plan* plan, bool* has_page);
  // One request of a load balancer's health check.
  Request HealthCheck();

 private:
  void Crawl(Audience audience, Plan* plan);
  void Feed(Audience audience, Plan* plan);
  void Check(Audience audience, Plan* plan);
  void Preview(Audience audience, Plan* plan);
  void Sweep(Audience audience, Plan* plan);
  Request& Add(Plan* plan, Audience audience, PathId path, uint32_t gap_s);

  const PathSpace& paths_;
  Random& random_;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_ROBOT_PLANNER_H_
