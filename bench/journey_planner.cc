#include "bench/journey_planner.h"

#include <iterator>
#include <utility>

namespace civlog::corpus {
namespace {

struct BrowseChoice {
  PathId path;
  uint32_t weight;
};
constexpr BrowseChoice kBrowse[] = {
    {PathId::kHome, 10},       {PathId::kSearch, 8},
    {PathId::kSearchTopic, 4}, {PathId::kGuide, 8},
    {PathId::kNewsList, 7},    {PathId::kNewsArticle, 22},
    {PathId::kNotice, 15},     {PathId::kTraffic, 4},
    {PathId::kParkingLot, 4},  {PathId::kBusStop, 9},
    {PathId::kBusRoute, 4},    {PathId::kOrdinances, 1},
    {PathId::kOrdinance, 4},   {PathId::kOrdinancePrint, 1},
    {PathId::kLibrary, 2},     {PathId::kBook, 12},
    {PathId::kPetitions, 2},   {PathId::kPetition, 6},
    {PathId::kProposal, 3},    {PathId::kPoll, 2},
    {PathId::kMeeting, 1},     {PathId::kFacility, 2},
    {PathId::kTax, 1},         {PathId::kYouth, 2},
    {PathId::kSitemap, 1},     {PathId::kPrivacy, 1},
    {PathId::kEvent, 4},       {PathId::kLogin, 1},
    {PathId::kGone, 1},        {PathId::kIndex, 1},
};

// Of pages and acts, where there are district offices.
constexpr uint32_t kOfficesPermille = 300;

constexpr uint32_t TotalWeight() {
  uint32_t total = 0;
  for (const BrowseChoice& choice : kBrowse) total += choice.weight;
  return total;
}

constexpr PathId kLandings[] = {PathId::kNewsArticle, PathId::kNotice, PathId::kBook,
                                PathId::kBusStop,     PathId::kGuide,  PathId::kEvent};

}  // namespace

Request& JourneyPlanner::Add(const Request& request) {
  plan_->push_back(request);
  Request& added = plan_->back();
  if (next_gap_ > 0) {
    added.gap_s = next_gap_;
    next_gap_ = 0;
  } else if (plan_->size() > 1) {
    added.gap_s = Think();
  }
  time_ += added.gap_s;
  return added;
}

// Mostly seconds, now and then some minutes: always well inside the half hour.
uint32_t JourneyPlanner::Think() {
  if (random_.Permille(15)) return random_.Between(300, 800);
  return 2 + random_.Rank(150);
}

uint32_t JourneyPlanner::AnyNumber(PathId path) {
  const uint32_t numbers = paths_.numbers(path);
  return random_.Permille(400) ? random_.Rank(numbers) : random_.Below(numbers);
}

Request& JourneyPlanner::Page(PathId path, uint32_t number, Query query) {
  Request request;
  request.path = path;
  request.number = number;
  request.query = query;
  request.bytes = 4000 + random_.Below(60000);
  const uint32_t assets = random_.Below(2 * options_.assets_milli + 1);
  request.assets = static_cast<uint8_t>((assets + 500) / 1000);
  request.referrer = plan_->empty() || random_.Permille(120) ? kDirect : kInternal;
  if (random_.Permille(60)) {
    request.status = 304;
    request.assets = 0;
    request.bytes = 0;
  }
  return Add(request);
}

Request& JourneyPlanner::Form(Method method, PathId path, uint32_t number, Query query,
                              uint16_t status) {
  Request request;
  request.method = method;
  request.path = path;
  request.number = number;
  request.query = query;
  request.status = status;
  request.bytes = status < 300 ? 2000 + random_.Below(9000) : 300 + random_.Below(400);
  request.referrer = kInternal;
  return Add(request);
}

// The first page of a visit: the front page, or a page that a search found.
void JourneyPlanner::Enter() {
  const uint32_t first = static_cast<uint32_t>(plan_->size());
  if (random_.Permille(380)) {
    Page(PathId::kHome);
  } else {
    const PathId path = kLandings[random_.Below(std::size(kLandings))];
    const uint32_t number = AnyNumber(path);
    Page(path, number);
  }
  Request& request = (*plan_)[first];
  request.referrer = kDirect;
  if (random_.Permille(520)) {
    request.referrer = static_cast<uint8_t>(
        kFirstExternal + random_.Rank(static_cast<uint32_t>(std::size(kReferrerHosts))));
    if (random_.Permille(80)) request.query = Query::kCampaign;
  }
}

void JourneyPlanner::BrowsePage() {
  if (paths_.numbers(PathId::kOffice) > 0 && random_.Permille(kOfficesPermille)) {
    Page(PathId::kOffice, AnyNumber(PathId::kOffice));
    return;
  }
  uint32_t left = random_.Below(TotalWeight());
  const BrowseChoice* choice = kBrowse;
  while (left >= choice->weight) left -= (choice++)->weight;
  const uint32_t number = AnyNumber(choice->path);
  Request& page = Page(choice->path, number);
  if (choice->path == PathId::kSearch) {
    page.query = Query::kSearch;
    page.number = 0;
  } else if (choice->path == PathId::kNewsList && random_.Permille(500)) {
    page.query = Query::kPage;
  }
  if (choice->path == PathId::kGone || random_.Permille(15)) {
    page.status = random_.Permille(900) ? 404 : 301;
    page.assets = 0;
  } else if (random_.Permille(4)) {
    page.status = static_cast<uint16_t>(random_.Permille(500) ? 500 : 503);
    page.assets = 0;
  }
}

void JourneyPlanner::Browse(uint32_t pages) {
  for (uint32_t i = 0; i < pages; ++i) BrowsePage();
}

// Pages that take exactly `seconds`, in silences of a quarter of an hour at most; the
// request that follows is the first one after them.
void JourneyPlanner::Stroll(uint32_t seconds) {
  while (seconds > 900) {
    After(900);
    BrowsePage();
    seconds -= 900;
  }
  After(seconds);
}

const ActModel* JourneyPlanner::PickAct() {
  uint32_t total = 0;
  for (const ActModel& act : Acts()) total += act.weight;
  uint32_t left = random_.Below(total);
  for (const ActModel& act : Acts()) {
    if (left >= act.weight) {
      left -= act.weight;
      continue;
    }
    // The board is at one of its two places.
    const bool there = time_ >= Model(act.act).valid_from && time_ < Model(act.act).valid_until;
    return there && !Used(act.service) ? &act : nullptr;
  }
  return nullptr;
}

void JourneyPlanner::DoRequest() {
  if (std::exchange(requested_, true)) return;
  uint32_t office = AnyNumber(PathId::kOffice);
  while (!TakesRequests(office)) --office;
  Page(PathId::kOffice, office);
  Form(Method::kPost, PathId::kOfficeRequest, office, Query::kNone, 303).fact = Fact::kAct;
  if (random_.Permille(700)) Page(PathId::kOffice, office);
}

void JourneyPlanner::DoAct() {
  if (paths_.numbers(PathId::kOffice) > 0 && random_.Permille(kOfficesPermille)) {
    return DoRequest();
  }
  if (const ActModel* act = PickAct(); act != nullptr) DoAct(*act);
}

void JourneyPlanner::Repeat(const Request& form, uint32_t gap_s, Fact fact) {
  Request again = form;
  again.fact = fact;
  After(gap_s);
  Add(again);
}

void JourneyPlanner::DoAct(const ActModel& act) {
  used_ |= 1U << Index(act.service);
  const uint32_t number = random_.Rank(paths_.numbers(act.act));
  if (random_.Permille(800)) Page(act.list);
  Page(act.item, number);
  if (random_.Permille(150)) return;  // looked, and left it at that
  if (random_.Permille(60)) {
    Form(act.method, act.act, number, Query::kNone, act.explicit_accepted ? 200 : 400);
    After(31 + random_.Below(60));
  }
  Request& form = Form(act.method, act.act, number, Query::kNone, act.accepted);
  form.fact = Fact::kAct;
  const Request done = form;
  if (random_.Permille(60)) {
    Repeat(done, random_.Between(1, 25), Fact::kNone);
    if (random_.Permille(300)) Repeat(done, random_.Between(15, 30), Fact::kNone);
  }
  if (random_.Permille(700)) Page(act.item, number);
}

Request JourneyPlanner::OnePage() {
  Plan plan;
  plan_ = &plan;
  next_gap_ = 0;
  Page(PathId::kNotice, AnyNumber(PathId::kNotice));
  Request request = plan.front();
  request.status = 200;
  request.assets = 0;
  request.bytes = 9000;
  return request;
}

void JourneyPlanner::PlanVisit(int64_t now, Plan* plan) {
  plan->clear();
  plan_ = plan;
  time_ = now;
  next_gap_ = 0;
  used_ = 0;
  requested_ = false;
  if (random_.Permille(options_.edge_permille)) return PlanEdge();
  Enter();
  const uint32_t kind = random_.Below(1000);
  if (kind < 400) return;  // one page and gone
  if (kind < 680) return Browse(1 + random_.Rank(9));
  if (kind < 800) return DoAct();
  if (kind < 830) {
    DoAct();
    return DoAct();
  }
  if (kind < 950) return DoTransaction();
  if (kind < 975) {
    DoTransaction();
    return random_.Permille(500) ? DoTransaction() : DoAct();
  }
  Browse(1 + random_.Rank(4));
  After(random_.Permille(500) ? random_.Between(900, 1700) : random_.Between(2000, 6500));
  Browse(1 + random_.Rank(3));
}

}  // namespace civlog::corpus
