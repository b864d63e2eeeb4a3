// Attempts and their fates.

#include "bench/journey_planner.h"
#include "bench/portal_time.h"

namespace civlog::corpus {
namespace {

constexpr uint16_t kServerErrors[] = {500, 502, 503, 504};

// A new ISO week finds what was open only in its first 48 hours; an hour less leaves
// no doubt.
constexpr int64_t kCarriedFor = 47 * kHour;

bool IsCarried(int64_t from, int64_t to) {
  const int64_t week = PortalWeek(to);
  return week == PortalWeek(from) ||
         (week == PortalWeek(from) + 1 && to - WeekStart(week) < kCarriedFor);
}

uint32_t StepCount(const TransactionModel& model) {
  return static_cast<uint32_t>(model.steps.size());
}

}  // namespace

Request& JourneyPlanner::Step(const TransactionModel& model, uint32_t step, Fact fact) {
  const StepModel& form = model.steps[step - 1];
  const uint32_t number = random_.Below(paths_.numbers(form.path));
  Request* request = nullptr;
  if (form.method == Method::kGet) {
    request = &Page(form.path, number, form.query);
  } else {
    uint16_t status = random_.Permille(800) ? 302 : 303;
    if (!model.explicit_accepted && random_.Permille(400)) status = 200;
    request = &Form(form.method, form.path, number, form.query, status);
  }
  request->fact = fact;
  request->step = static_cast<uint8_t>(step);
  return *request;
}

void JourneyPlanner::DoTransaction() {
  constexpr ServiceId kChoices[] = {
      ServiceId::kCertificate,   ServiceId::kCertificate,   ServiceId::kCertificate,
      ServiceId::kLocalTax,      ServiceId::kLocalTax,      ServiceId::kYouthBenefit,
      ServiceId::kYouthBenefit,  ServiceId::kParkingPermit, ServiceId::kPassportVisit,
      ServiceId::kPassportVisit, ServiceId::kBulkyWaste};
  DoTransaction(kChoices[random_.Below(std::size(kChoices))]);
}

void JourneyPlanner::DoTransaction(ServiceId service) {
  if (Used(service)) return;
  const TransactionModel& model = Transaction(service);
  if (model.has_status_page && random_.Permille(80)) return CheckStatus(model);
  DoTransaction(model, PickFate(model));
}

JourneyPlanner::Fate JourneyPlanner::PickFate(const TransactionModel& model) {
  const bool saves = model.resume_within_s > 0;
  const uint32_t kind = random_.Below(1000);
  if (kind < 170) return Fate::kAbandoned;
  if (kind < 240) return Fate::kFailed;
  if (kind < 290) return Fate::kRecovered;
  if (kind < 360) return model.refusals.empty() ? Fate::kGranted : Fate::kRefused;
  if (kind < 372) return Fate::kOnTheLimit;
  if (kind < 390) return Fate::kPastTheLimit;
  if (kind < 440) return model.strict ? Fate::kSkipping : Fate::kGranted;
  if (kind < 600) return saves ? Fate::kSaved : Fate::kGranted;
  return Fate::kGranted;
}

void JourneyPlanner::DoTransaction(const TransactionModel& model, Fate fate) {
  used_ |= 1U << Index(model.service);
  if (random_.Permille(650)) Page(model.guide);
  if (random_.Permille(12)) Step(model, 1, Fact::kNone).status = 503;  // nothing is open yet
  Step(model, 1, Fact::kStart);
  if (random_.Permille(50)) {
    After(random_.Between(1, 4));
    Step(model, 1, Fact::kStep);
  }
  const uint32_t last = StepCount(model);
  const uint32_t turn = random_.Between(1, last - 1);  // the fate strikes behind this step
  bool open = true;
  for (uint32_t step = 2; step <= last; ++step) {
    if (step == turn + 1 && !Turn(model, fate, turn, &open)) return;
    if (step == model.optional_step && step != turn + 1 && random_.Permille(150)) continue;
    StepAccepted(model, step, open);
  }
  if (open) Finished(model);
}

// What happens once step `reached` is done. False where the plan ends with it.
bool JourneyPlanner::Turn(const TransactionModel& model, Fate fate, uint32_t reached, bool* open) {
  switch (fate) {
    case Fate::kGranted:
      return true;
    case Fate::kAbandoned:
      if (random_.Permille(300)) Browse(1 + random_.Rank(3));
      return false;
    case Fate::kRefused:
      Refuse(model);
      return false;
    case Fate::kFailed:
      Fail(model, reached + 1);
      if (random_.Permille(300)) Browse(1);
      return false;
    case Fate::kRecovered:
      Fail(model, reached + 1);
      return true;
    case Fate::kSaved:
      return SaveAndReturn(model, open);
    case Fate::kOnTheLimit:
      After(model.abandon_after_s);
      return true;
    case Fate::kPastTheLimit:
      After(model.abandon_after_s + 1);
      *open = false;
      return true;
    case Fate::kSkipping:
      // An order that the service does not allow: ignored.
      if (reached + 1 < StepCount(model)) Step(model, StepCount(model), Fact::kNone);
      return random_.Permille(500);
  }
  return true;
}

void JourneyPlanner::StepAccepted(const TransactionModel& model, uint32_t step, bool open) {
  const StepModel& form = model.steps[step - 1];
  const uint32_t last = StepCount(model);
  if (form.method == Method::kPost && random_.Permille(60)) {
    Step(model, step, Fact::kNone).status = model.explicit_accepted ? 200 : 422;
  }
  Fact fact = step == last ? Fact::kGrant : Fact::kStep;
  if (!open) fact = step == last ? Fact::kWithoutStart : Fact::kNone;
  Step(model, step, fact);
  if (step == last || model.steps[step].method == Method::kGet || form.method == Method::kGet)
    return;
  if (random_.Permille(500)) Page(model.steps[step].path, 0, model.steps[step].query);
}

void JourneyPlanner::Refuse(const TransactionModel& model) {
  const StepModel& end =
      model.refusals[random_.Below(static_cast<uint32_t>(model.refusals.size()))];
  Request& request = end.method == Method::kGet ? Page(end.path, 0, end.query)
                                                : Form(end.method, end.path, 0, end.query, 302);
  request.fact = Fact::kRefuse;
}

// Errors on the way to `step`: the form answers 5xx, or leads to the error page.
void JourneyPlanner::Fail(const TransactionModel& model, uint32_t step) {
  const uint32_t errors = random_.Permille(250) ? 2 : 1;
  for (uint32_t i = 0; i < errors; ++i) {
    if (model.has_error_page && random_.Permille(450)) {
      Page(model.error_page).fact = Fact::kError;
      continue;
    }
    Request& request = Step(model, step, Fact::kError);
    request.status = kServerErrors[random_.Below(std::size(kServerErrors))];
    request.assets = 0;
    request.bytes = 600;
  }
}

bool JourneyPlanner::ReturnAfter(uint32_t seconds) {
  if (!IsCarried(time_, time_ + seconds)) return false;
  After(seconds);
  return true;
}

bool JourneyPlanner::SaveAndReturn(const TransactionModel& model, bool* open) {
  Form(Method::kPost, model.save, 0, Query::kNone, 302).fact = Fact::kSave;
  const uint32_t kind = random_.Below(100);
  if (kind < 25) return false;  // never seen again
  if (kind < 30) {
    if (!ReturnAfter(model.resume_within_s)) return false;
  } else if (kind < 36) {
    if (!ReturnAfter(model.resume_within_s + 1)) return false;
    *open = false;
  } else {
    if (kind < 55) {
      // Something else in between.
      if (!ReturnAfter(random_.Between(10000, 60000))) return false;
      Browse(1 + random_.Rank(3));
    }
    if (!ReturnAfter(random_.Between(10000, 200000))) return false;
  }
  Page(model.resume);
  return true;
}

// What people do with the page that says that it is done.
void JourneyPlanner::Finished(const TransactionModel& model) {
  const uint32_t last = StepCount(model);
  const bool page = model.steps.back().method == Method::kGet;
  const uint32_t kind = random_.Below(1000);
  if (kind < (page ? 130U : 30U)) {
    // A reload, or a form sent twice: no second completion.
    const Request end = plan_->back();
    Repeat(end, random_.Between(1, 25), Fact::kNone);
  } else if (kind < 150 && page) {
    // Half an hour later to the second, and one more: then it is an end without a start.
    const bool late = random_.Permille(500);
    const Request end = plan_->back();
    Stroll(late ? 1801 : 1800);
    const uint32_t gap = next_gap_;
    Repeat(end, gap, late ? Fact::kWithoutStart : Fact::kNone);
  } else if (kind < 180) {
    Step(model, 1, Fact::kStart);  // once more, for somebody else
    for (uint32_t step = 2; step <= last; ++step) StepAccepted(model, step, true);
  }
  if (model.has_done_page && random_.Permille(700)) Page(model.done_page);
  if (model.has_status_page && random_.Permille(120)) CheckStatus(model);
}

void JourneyPlanner::CheckStatus(const TransactionModel& model) {
  const uint32_t number = random_.Below(paths_.numbers(model.status_page));
  Page(model.status_page, number);
}

}  // namespace civlog::corpus
