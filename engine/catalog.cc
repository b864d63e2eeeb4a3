#include "engine/catalog.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace civlog {

std::string_view LocalizedText::Get(std::string_view language) const {
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    for (const auto& [name, text] : by_language) {
      if (name == wanted) return text;
    }
  }
  return by_language.empty() ? std::string_view() : std::string_view(by_language.front().second);
}

std::string_view ServiceKindName(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::kInformation:
      return "information";
    case ServiceKind::kInteraction:
      return "interaction";
    case ServiceKind::kTransaction:
      return "transaction";
    case ServiceKind::kParticipation:
      return "participation";
  }
  return "";
}

std::string_view TierName(Tier tier) {
  switch (tier) {
    case Tier::kNone:
      return "";
    case Tier::kInform:
      return "inform";
    case Tier::kConsult:
      return "consult";
    case Tier::kDecide:
      return "decide";
  }
  return "";
}

std::string_view RouteRoleName(RouteRole role) {
  switch (role) {
    case RouteRole::kMember:
      return "member";
    case RouteRole::kStatus:
      return "status";
    case RouteRole::kAct:
      return "act";
    case RouteRole::kStep:
      return "step";
    case RouteRole::kEnd:
      return "end";
    case RouteRole::kError:
      return "error";
    case RouteRole::kSave:
      return "save";
    case RouteRole::kResume:
      return "resume";
  }
  return "";
}

std::string CatalogDiagnostic::ToString() const {
  std::string text = file;
  if (line > 0) absl::StrAppend(&text, ":", line, ":", column);
  absl::StrAppend(&text, ": ", severity == Severity::kWarning ? "warning: " : "");
  if (!key.empty()) absl::StrAppend(&text, key, ": ");
  absl::StrAppend(&text, message);
  if (!remedy.empty()) absl::StrAppend(&text, "; ", remedy);
  return text;
}

std::optional<size_t> Catalog::FindService(std::string_view id) const {
  const auto found = std::find_if(services.begin(), services.end(),
                                  [id](const Service& service) { return service.id == id; });
  if (found == services.end()) return std::nullopt;
  return static_cast<size_t>(found - services.begin());
}

bool AcceptedByDefault(std::string_view method, uint16_t status) {
  if (method == "GET") return status == 200 || status == 304;
  if (method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE") {
    return (status >= 200 && status <= 299) || (status >= 301 && status <= 303) || status == 307 ||
           status == 308;
  }
  return false;
}

}  // namespace civlog
