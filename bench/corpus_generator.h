// Generates the access logs of the demonstration portal, with the truth about them.
//
// Citizens' visits, robots' rounds and stray lines are planned as they begin and then
// played in the order of time through one queue, so that memory follows those who are
// under way, never the size of the corpus. The same options give the same bytes, on any
// machine.

#ifndef CIVLOG_BENCH_CORPUS_GENERATOR_H_
#define CIVLOG_BENCH_CORPUS_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "bench/byte_sink.h"
#include "bench/journey_planner.h"
#include "bench/line_renderer.h"
#include "bench/log_set.h"
#include "bench/plan.h"
#include "bench/population.h"
#include "bench/portal_model.h"
#include "bench/portal_time.h"
#include "bench/random.h"
#include "bench/robot_planner.h"
#include "bench/truth.h"

namespace civlog::corpus {

struct CorpusOptions {
  uint64_t seed = 1;
  int64_t start = 1'794'754'800;  // Monday 2026-11-16 00:00 in Seoul; a whole hour
  uint32_t days = 7;
  uint64_t bytes = 18'000'000;        // of all logs together, before compression; about
  uint32_t visitors = 0;              // distinct ones; 0: as many as fit the size
  uint32_t paths = 0;                 // distinct ones to choose from; 0: as many as fit the size
  uint32_t agents = 0;                // of browsers; 0: as many as fit the size
  uint32_t services = kServiceCount;  // what is more than the portal's own are district offices
  std::vector<uint32_t> front_end_weights = {1, 1};  // one a front end
  LogFormat format = LogFormat::kVhostCombined;
  uint32_t robots_permille = 170;  // of the lines
  uint32_t assets_permille = 400;  // of the lines
  uint32_t edges_permille = 30;    // of the visits
  // Every line a new address, agent, path and referrer.
  bool hostile = false;
  // Seconds without any line, [outage_from, outage_until); empty where they are equal.
  int64_t outage_from = 0;
  int64_t outage_until = 0;

  uint32_t offices() const { return services - static_cast<uint32_t>(kServiceCount); }
  // Fills in the numbers that are 0.
  CorpusOptions Resolved() const;
};

// Not thread-safe.
class CorpusGenerator {
 public:
  // `sinks`: one for every front end.
  CorpusGenerator(const CorpusOptions& options, std::vector<std::unique_ptr<ByteSink>> sinks);

  // Writes everything. False where a sink failed. To be called once.
  bool Run();

  const CorpusOptions& options() const { return options_; }
  const Truth& truth() const { return truth_; }
  const LogSet& logs() const { return logs_; }
  uint32_t visitors_introduced() const { return introduced_; }

 private:
  static constexpr uint32_t kNobody = UINT32_MAX;

  // Somebody under way.
  struct Actor {
    Plan plan;
    size_t next = 0;
    uint32_t citizen = kNobody;  // who may come back; kNobody for all others
    size_t front_end = 0;
    Address address;
    std::string_view agent;
    std::string_view user = "-";
    VisitorTruth truth;
    bool counts = false;  // `truth` has something in it
    Request page;         // asked for last
  };
  struct Due {
    int64_t time;
    uint64_t order;
    uint32_t actor;
    bool operator>(const Due& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };
  // What is kept of a citizen between visits.
  struct CitizenState {
    int64_t free_from = INT64_MIN;  // may come back from then on; INT64_MAX: not
    int32_t week = -1;
    ServiceSet seen;
  };

  bool InOutage(int64_t time) const {
    return time >= options_.outage_from && time < options_.outage_until;
  }
  int64_t End() const { return options_.start + int64_t{options_.days} * kDay; }
  size_t PickFrontEnd();

  // Pacing.
  void RunMinute(int64_t minute);
  uint64_t WantedBytes() const;
  uint64_t ExpectedBytes() const;

  // Who comes next.
  void Spawn(int64_t minute);
  bool SpawnCitizen(int64_t time);
  uint32_t PickCitizen(int64_t time);
  void SpawnRobot(int64_t time);
  void SpawnProbes(int64_t time);
  void SpawnHealthChecks(int64_t minute);
  uint32_t NewActor();
  void Start(uint32_t actor, int64_t time);
  void Play(int64_t until);
  void PlayNext(uint32_t actor, int64_t time);
  void Leave(uint32_t actor);

  // Lines of actors (corpus_lines.cc).
  void WriteRequestLine(Actor* actor, const Request& request, int64_t time);
  void WriteAssets(Actor* actor, const Request& page, int64_t time);
  void Book(Actor* actor, const Request& request, int64_t time, uint64_t bytes);
  char* WriteReferrer(char* out, const Actor& actor, const Request& request) const;

  // Lines of nobody (stray_lines.cc).
  void WriteStray(int64_t time);
  void WriteBlank();
  void WriteRejected(int64_t time);
  void WriteUnreadable(int64_t time);
  void WriteForeign(int64_t time);
  void WriteBehind(int64_t time);
  void WriteStranger(size_t front_end, const Request& request, int64_t time);

  // The hostile corpus (hostile_lines.cc).
  void RunHostile();
  void WriteHostile(uint32_t number, int64_t time);

  const CorpusOptions options_;
  Random random_;
  const PathSpace paths_;
  const Population population_;
  JourneyPlanner journeys_;
  RobotPlanner robots_;
  LineRenderer renderer_;
  LogSet logs_;
  Truth truth_;
  const int64_t health_check_every_;

  std::vector<Actor> actors_;
  std::vector<uint32_t> free_actors_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  uint64_t order_ = 0;
  std::vector<CitizenState> citizens_;
  uint32_t introduced_ = 0;
  uint32_t strangers_ = 0;
  uint32_t front_end_total_ = 0;

  uint64_t busyness_total_ = 0;
  uint64_t busyness_passed_ = 0;
  uint64_t lines_planned_ = 0;
  uint64_t robot_lines_planned_ = 0;
  uint64_t strays_planned_ = 0;
  uint64_t lines_pending_ = 0;
};

}  // namespace civlog::corpus

#endif  // CIVLOG_BENCH_CORPUS_GENERATOR_H_
