#include "queries/analysis_json.h"
#include "queries/report_text.h"
namespace civlog {
std::string RenderText(const Analysis& a, const TextOptions&) { return AnalysisToJson(a, "en"); }
}
