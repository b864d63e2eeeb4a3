#include "bench/corpus_generator.h"

#include <algorithm>
#include <utility>

namespace civlog::corpus {
namespace {

constexpr uint64_t kLineBytesAtFirst = 250;  // before there is an average
constexpr uint64_t kLinesPerStray = 150;
constexpr int64_t kHealthCheckEvery = 600;  // but in a small corpus, where they would be all
constexpr uint64_t kLinesPerHealthCheck = 30;
// Longer than any silence that an unsaved attempt outlives.
constexpr int64_t kAwayAtLeast = 7260;
constexpr int64_t kMinute = 60;

uint32_t Fitting(uint64_t bytes, uint64_t bytes_each, uint64_t least, uint64_t most) {
  return static_cast<uint32_t>(std::clamp(bytes / bytes_each, least, most));
}

uint64_t LinesOf(const Plan& plan) {
  uint64_t lines = 0;
  for (const Request& request : plan) lines += uint64_t{1} + request.assets;
  return lines;
}

int64_t HealthCheckEvery(const CorpusOptions& options) {
  const uint64_t most = options.bytes / kLineBytesAtFirst / kLinesPerHealthCheck + 1;
  const uint64_t seconds = options.days * uint64_t{kDay} * options.front_end_weights.size() / most;
  const auto minutes = static_cast<int64_t>(seconds / 60 + 1);
  return std::max(kHealthCheckEvery, minutes * 60);
}

JourneyOptions JourneyOptionsOf(const CorpusOptions& options) {
  JourneyOptions journeys;
  journeys.edge_permille = options.edges_permille;
  const uint32_t others = options.assets_permille + options.robots_permille;
  // About five of six counted requests are pages that bring assets along.
  journeys.assets_milli = options.assets_permille * 1200 / (others < 950 ? 1000 - others : 50);
  return journeys;
}

}  // namespace

CorpusOptions CorpusOptions::Resolved() const {
  CorpusOptions resolved = *this;
  if (visitors == 0) resolved.visitors = Fitting(bytes, 2200, 50, 400'000'000);
  if (paths == 0) resolved.paths = Fitting(bytes, 1300, 500, 4'000'000);
  if (agents == 0) resolved.agents = Fitting(bytes, 60'000, 40, 1'500);
  return resolved;
}

CorpusGenerator::CorpusGenerator(const CorpusOptions& options,
                                 std::vector<std::unique_ptr<ByteSink>> sinks)
    : options_(options.Resolved()),
      random_(options_.seed),
      paths_(options_.paths, options_.offices()),
      population_(options_.agents),
      journeys_(JourneyOptionsOf(options_), paths_, &random_),
      robots_(paths_, &random_),
      renderer_(options_.format),
      logs_(std::move(sinks)),
      truth_(options_.start, options_.days * 24, paths_, !options_.hostile),
      health_check_every_(HealthCheckEvery(options_)) {
  for (const uint32_t weight : options_.front_end_weights) front_end_total_ += weight;
  if (!options_.hostile) citizens_.resize(options_.visitors);
}

size_t CorpusGenerator::PickFrontEnd() {
  uint32_t left = random_.Below(front_end_total_);
  size_t i = 0;
  while (left >= options_.front_end_weights[i]) left -= options_.front_end_weights[i++];
  return i;
}

bool CorpusGenerator::Run() {
  for (int64_t minute = options_.start; minute < End(); minute += kMinute) {
    if (!InOutage(minute)) busyness_total_ += BusynessAt(minute);
  }
  if (options_.hostile) {
    RunHostile();
  } else {
    for (int64_t minute = options_.start; minute < End(); minute += kMinute) RunMinute(minute);
    for (; !queue_.empty(); queue_.pop()) Leave(queue_.top().actor);
  }
  const bool written = logs_.Close();
  truth_.Finish();
  return written;
}

void CorpusGenerator::RunMinute(int64_t minute) {
  if (minute > options_.start && (minute - options_.start) % kDay == 0) logs_.NextDay();
  if (!InOutage(minute)) {
    busyness_passed_ += BusynessAt(minute);
    if ((minute - options_.start) % health_check_every_ == 0) SpawnHealthChecks(minute);
    Spawn(minute);
  }
  Play(minute + kMinute);
}

// What should have been written by the end of this minute.
uint64_t CorpusGenerator::WantedBytes() const {
  const uint64_t per_unit = options_.bytes / busyness_total_;
  const uint64_t rest = options_.bytes % busyness_total_;
  return per_unit * busyness_passed_ + rest * busyness_passed_ / busyness_total_;
}

// What will have been, with all who are under way.
uint64_t CorpusGenerator::ExpectedBytes() const {
  const uint64_t lines = truth_.lines();
  const uint64_t average = lines < 1000 ? kLineBytesAtFirst : logs_.bytes() / lines;
  return logs_.bytes() + lines_pending_ * average;
}

void CorpusGenerator::Spawn(int64_t minute) {
  const uint64_t wanted = WantedBytes();
  while (ExpectedBytes() < wanted) {
    const int64_t time = minute + random_.Below(kMinute);
    if (robot_lines_planned_ * 1000 < lines_planned_ * options_.robots_permille) {
      random_.Permille(80) ? SpawnProbes(time) : SpawnRobot(time);
    } else if (!SpawnCitizen(time)) {
      return;
    }
    if (strays_planned_ * kLinesPerStray < lines_planned_) {
      ++strays_planned_;
      queue_.push({minute + random_.Below(kMinute), order_++, kNobody});
    }
  }
}

uint32_t CorpusGenerator::NewActor() {
  if (free_actors_.empty()) {
    free_actors_.push_back(static_cast<uint32_t>(actors_.size()));
    actors_.emplace_back();
  }
  const uint32_t i = free_actors_.back();
  free_actors_.pop_back();
  Actor& actor = actors_[i];
  actor.next = 0;
  actor.citizen = kNobody;
  actor.front_end = PickFrontEnd();
  actor.user = "-";
  actor.truth = {};
  actor.counts = false;
  return i;
}

void CorpusGenerator::Start(uint32_t i, int64_t time) {
  const Actor& actor = actors_[i];
  const uint64_t lines = LinesOf(actor.plan);
  lines_planned_ += lines;
  lines_pending_ += lines;
  queue_.push({time + actor.plan.front().gap_s, order_++, i});
}

// Somebody new while there are fewer than there should be by now, else somebody who
// comes back.
uint32_t CorpusGenerator::PickCitizen(int64_t time) {
  const uint64_t due = options_.visitors * busyness_passed_ / busyness_total_;
  if (introduced_ >= due) {
    for (int tries = 0; tries < 8 && introduced_ > 0; ++tries) {
      const uint32_t citizen = random_.Below(introduced_);
      if (citizens_[citizen].free_from <= time) return citizen;
    }
  }
  return introduced_ < options_.visitors ? introduced_++ : kNobody;
}

bool CorpusGenerator::SpawnCitizen(int64_t time) {
  const uint32_t citizen = PickCitizen(time);
  if (citizen == kNobody) return false;
  const uint32_t i = NewActor();
  Actor& actor = actors_[i];
  actor.citizen = citizen;
  actor.counts = true;
  actor.address = population_.AddressOf(citizen);
  actor.agent = population_.AgentOf(citizen);
  CitizenState& state = citizens_[citizen];
  actor.truth.week = state.week;
  actor.truth.seen = std::move(state.seen);
  state.free_from = INT64_MAX;
  journeys_.PlanVisit(time, &actor.plan);
  for (Request& request : actor.plan) {
    if (random_.Permille(8)) request.flags |= kOtherFrontEnd;
  }
  Start(i, time);
  return true;
}

void CorpusGenerator::SpawnRobot(int64_t time) {
  const uint32_t i = NewActor();
  Actor& actor = actors_[i];
  actor.address = RobotAddress(&random_);
  actor.agent = robots_.PlanRobot(&actor.plan);
  robot_lines_planned_ += actor.plan.size();
  Start(i, time);
}

void CorpusGenerator::SpawnProbes(int64_t time) {
  const uint32_t i = NewActor();
  Actor& actor = actors_[i];
  robots_.PlanProbes(&actor.plan, &actor.counts);
  actor.address = population_.StrangerAddress(strangers_);
  actor.agent = population_.StrangerAgent(strangers_++);
  robot_lines_planned_ += actor.plan.size();
  Start(i, time);
}

void CorpusGenerator::SpawnHealthChecks(int64_t minute) {
  for (size_t front_end = 0; front_end < logs_.size(); ++front_end) {
    const uint32_t i = NewActor();
    Actor& actor = actors_[i];
    actor.front_end = front_end;
    actor.address = HealthAddress(front_end);
    actor.agent = kHealthAgent;
    actor.user = "probe";
    actor.plan.assign(1, robots_.HealthCheck());
    Start(i, minute + static_cast<int64_t>(front_end) * 7 % kMinute);
  }
}

// Plays what is due before `until`.
void CorpusGenerator::Play(int64_t until) {
  while (!queue_.empty() && queue_.top().time < until) {
    const Due due = queue_.top();
    queue_.pop();
    logs_.Release(due.time);
    if (due.actor != kNobody) {
      PlayNext(due.actor, due.time);
    } else if (!InOutage(due.time)) {
      WriteStray(due.time);
    }
  }
}

void CorpusGenerator::PlayNext(uint32_t i, int64_t time) {
  if (InOutage(time)) return Leave(i);
  Actor& actor = actors_[i];
  const Request& request = actor.plan[actor.next++];
  lines_pending_ -= uint64_t{1} + request.assets;
  WriteRequestLine(&actor, request, time);
  if (actor.next == actor.plan.size()) return Leave(i);
  queue_.push({time + actor.plan[actor.next].gap_s, order_++, i});
}

// Whatever is left of the plan is not going to happen.
void CorpusGenerator::Leave(uint32_t i) {
  if (i == kNobody) return;
  Actor& actor = actors_[i];
  for (; actor.next < actor.plan.size(); ++actor.next) {
    lines_pending_ -= uint64_t{1} + actor.plan[actor.next].assets;
  }
  if (actor.counts) {
    const bool saved = truth_.VisitorLeaves(&actor.truth);
    if (actor.citizen != kNobody) {
      CitizenState& state = citizens_[actor.citizen];
      state.week = actor.truth.week;
      state.seen = std::move(actor.truth.seen);
      state.free_from = saved ? INT64_MAX : actor.truth.last + kAwayAtLeast;
    }
  }
  free_actors_.push_back(i);
}

}  // namespace civlog::corpus
