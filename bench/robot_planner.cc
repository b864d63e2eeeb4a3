#include "bench/robot_planner.h"

#include <iterator>

namespace civlog::corpus {
namespace {

constexpr PathId kCrawled[] = {PathId::kNewsArticle, PathId::kNewsArticle, PathId::kNewsArticle,
                               PathId::kNotice,      PathId::kNotice,      PathId::kBook,
                               PathId::kBook,        PathId::kPetition,    PathId::kOrdinance,
                               PathId::kBusStop,     PathId::kGuide,       PathId::kProposal,
                               PathId::kUpload,      PathId::kHome,        PathId::kGone,
                               PathId::kTaxBill,     PathId::kQnaView,     PathId::kStatic};

}  // namespace

Request& RobotPlanner::Add(Plan* plan, Audience audience, PathId path, uint32_t gap_s) {
  Request request;
  request.path = path;
  request.number = random_.Below(paths_.numbers(path));
  request.gap_s = plan->empty() ? 0 : gap_s;
  request.bytes = 1000 + random_.Below(40000);
  request.bucket = Bucket::kNotCitizen;
  request.audience = audience;
  if (path == PathId::kGone) request.status = 404;
  plan->push_back(request);
  return plan->back();
}

void RobotPlanner::Crawl(Audience audience, Plan* plan) {
  if (random_.Permille(300)) Add(plan, audience, PathId::kRobotsTxt, 0);
  if (random_.Permille(80)) Add(plan, audience, PathId::kSitemapXml, 2);
  const uint32_t pages = 2 + random_.Rank(50);
  const uint32_t pace = random_.Between(1, 25);
  for (uint32_t i = 0; i < pages; ++i) {
    const PathId path = kCrawled[random_.Below(std::size(kCrawled))];
    Request& request = Add(plan, audience, path, pace);
    if (path == PathId::kQnaView) request.query = Query::kId;
    if (random_.Permille(120)) {
      request.status = 304;
      request.bytes = 0;
    } else if (random_.Permille(15)) {
      request.status = static_cast<uint16_t>(random_.Permille(700) ? 301 : 500);
    }
  }
}

void RobotPlanner::Feed(Audience audience, Plan* plan) {
  Request& feed = Add(plan, audience, PathId::kFeed, 0);
  if (random_.Permille(700)) {
    feed.status = 304;
    feed.bytes = 0;
  }
}

void RobotPlanner::Check(Audience audience, Plan* plan) {
  const uint32_t checks = random_.Between(2, 6);
  for (uint32_t i = 0; i < checks; ++i) {
    Request& check = Add(plan, audience, PathId::kHome, 300);
    if (random_.Permille(300)) check.method = Method::kHead;
  }
}

void RobotPlanner::Preview(Audience audience, Plan* plan) {
  Add(plan, audience, random_.Permille(500) ? PathId::kNewsArticle : PathId::kPetition, 0);
  if (random_.Permille(600)) Add(plan, audience, PathId::kUpload, 1);
}

void RobotPlanner::Sweep(Audience audience, Plan* plan) {
  const uint32_t requests = 1 + random_.Rank(8);
  for (uint32_t i = 0; i < requests; ++i) {
    const PathId path = random_.Permille(400) ? PathId::kProbe : PathId::kHome;
    Request& request = Add(plan, audience, path, random_.Between(0, 3));
    if (path == PathId::kProbe) request.status = 404;
    if (random_.Permille(100)) {
      request.method = Method::kPost;
      request.status = 405;
    }
  }
}

std::string_view RobotPlanner::PlanRobot(Plan* plan) {
  plan->clear();
  uint32_t total = 0;
  for (const RobotModel& robot : Robots()) total += robot.weight;
  uint32_t left = random_.Below(total);
  const RobotModel* robot = &Robots().front();
  while (left >= robot->weight) left -= (robot++)->weight;
  const std::string_view agent =
      robot->agents[random_.Rank(static_cast<uint32_t>(robot->agents.size()))];
  switch (robot->habit) {
    case RobotHabit::kCrawl:
      Crawl(robot->audience, plan);
      break;
    case RobotHabit::kFeed:
      Feed(robot->audience, plan);
      break;
    case RobotHabit::kCheck:
      Check(robot->audience, plan);
      break;
    case RobotHabit::kPreview:
      Preview(robot->audience, plan);
      break;
    case RobotHabit::kSweep:
      Sweep(robot->audience, plan);
      break;
  }
  return agent;
}

void RobotPlanner::PlanProbes(Plan* plan, bool* has_page) {
  plan->clear();
  *has_page = random_.Permille(250);
  if (*has_page) {
    Request& page = Add(plan, Audience::kCitizen, PathId::kHome, 0);
    page.bucket = Bucket::kCounted;
    page.bytes = 24000;
  }
  const uint32_t probes = 3 + random_.Rank(20);
  for (uint32_t i = 0; i < probes; ++i) {
    Request& probe = Add(plan, Audience::kScanner, PathId::kProbe, random_.Between(1, 3));
    probe.status = static_cast<uint16_t>(random_.Permille(850) ? 404 : 403);
    if (random_.Permille(80)) probe.method = Method::kPost;
  }
}

Request RobotPlanner::HealthCheck() {
  Request check;
  check.path = PathId::kHealth;
  check.bytes = 200;
  check.bucket = Bucket::kOutsidePortal;
  return check;
}

}  // namespace civlog::corpus
