// Visits that plant a corner case of the definitions.

#include "bench/journey_planner.h"

namespace civlog::corpus {

void JourneyPlanner::PlanEdge() {
  const uint32_t kind = random_.Below(100);
  if (kind < 20) return EdgeOfVisit();
  if (kind < 40) return EdgeOfRequest();
  if (kind < 60) return EdgeOfPath();
  if (kind < 74) return EdgeOfClicks();
  if (kind < 90) return EdgeOfEnd();
  EdgeOfDepartments();
}

// A silence of exactly half an hour continues a visit, a second more ends it.
void JourneyPlanner::EdgeOfVisit() {
  Enter();
  Browse(random_.Below(3));
  After(random_.Permille(500) ? 1800 : 1801);
  Browse(1 + random_.Below(3));
}

// Requests that are no page views, and page views that are no plain 200.
void JourneyPlanner::EdgeOfRequest() {
  Enter();
  const uint32_t kind = random_.Below(6);
  if (kind == 0) {
    Request& head = Page(PathId::kHome);
    head.method = Method::kHead;
    head.assets = 0;
  } else if (kind == 1) {
    Page(PathId::kNotice, AnyNumber(PathId::kNotice)).status = 206;
  } else if (kind == 2) {
    Page(PathId::kSearchTopic, AnyNumber(PathId::kSearchTopic)).status = 203;
  } else if (kind == 3) {
    Form(Method::kPost, PathId::kLogin, 0, Query::kNone, 302);
  } else if (kind == 4) {
    plan_->clear();  // nothing but a page that is not there
    Request& gone = Page(PathId::kGone, AnyNumber(PathId::kGone));
    gone.status = 404;
    gone.assets = 0;
  } else {
    // A head of a step is not the step: no route of GET is for it.
    Request& head = Page(PathId::kTaxBill);
    head.method = Method::kHead;
    head.assets = 0;
  }
}

// Paths that read the same once they are normalised, and a probe under a route.
void JourneyPlanner::EdgeOfPath() {
  Enter();
  switch (random_.Below(6)) {
    case 0:
      Page(PathId::kCertificateGuide).flags = kJsessionId;
      break;
    case 1:
      Page(PathId::kNewsArticle, AnyNumber(PathId::kNewsArticle)).flags = kDoubleSlash;
      break;
    case 2:
      Page(PathId::kNotice, AnyNumber(PathId::kNotice)).flags = kEncodedLetter;
      break;
    case 3:
      Page(PathId::kSearchTopic, AnyNumber(PathId::kSearchTopic)).flags = kEncodedLetter;
      break;
    case 4:
      Page(PathId::kNewsList).flags = kAbsoluteTarget;
      break;
    default: {
      Request& probe = Page(PathId::kNewsProbe);
      probe.status = 404;
      probe.assets = 0;
      break;
    }
  }
  Request& bookmark = Page(PathId::kQnaView, AnyNumber(PathId::kAskQuestion), Query::kId);
  if (time_ >= kBoardMoved) bookmark.status = 404;
}

// A second click counts from the thirty-first second on.
void JourneyPlanner::EdgeOfClicks() {
  Enter();
  const uint32_t number = random_.Rank(paths_.numbers(PathId::kSign));
  Page(PathId::kPetition, number);
  Request& form = Form(Method::kPost, PathId::kSign, number, Query::kNone, 302);
  form.fact = Fact::kAct;
  const Request sign = form;
  switch (random_.Below(4)) {
    case 0:
      return Repeat(sign, 30, Fact::kNone);
    case 1:
      return Repeat(sign, 31, Fact::kAct);
    case 2:
      Repeat(sign, 20, Fact::kNone);
      Repeat(sign, 20, Fact::kNone);
      return Repeat(sign, 31, Fact::kAct);
    default: {
      Request other = sign;
      other.number = number == 0 ? 1 : number - 1;
      return Repeat(other, 5, Fact::kAct);
    }
  }
}

void JourneyPlanner::BookmarkedEnd(ServiceId service) {
  const TransactionModel& model = Transaction(service);
  used_ |= 1U << Index(service);
  Step(model, static_cast<uint32_t>(model.steps.size()), Fact::kWithoutStart);
}

// Ends without a start, and a step with nothing open.
void JourneyPlanner::EdgeOfEnd() {
  Enter();
  const ServiceId service = random_.Permille(500) ? ServiceId::kCertificate : ServiceId::kLocalTax;
  BookmarkedEnd(service);
  if (random_.Permille(300)) BookmarkedEnd(service);
  if (random_.Permille(300)) Step(Transaction(service), 2, Fact::kNone);
  if (random_.Permille(300)) {
    DoTransaction(Transaction(service), Fate::kGranted);
  }
}

// Two completions: of two departments, and of one.
void JourneyPlanner::EdgeOfDepartments() {
  Enter();
  DoTransaction(Transaction(ServiceId::kCertificate), Fate::kGranted);
  DoTransaction(
      Transaction(random_.Permille(500) ? ServiceId::kPassportVisit : ServiceId::kLocalTax),
      Fate::kGranted);
  if (random_.Permille(300)) DoAct();
}

}  // namespace civlog::corpus
