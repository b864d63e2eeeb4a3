#include "cli/help_pages.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/options.h"
#include "cli/query_command.h"
#include "parsers/log_format.h"
#include "queries/measure.h"
#include "queries/record_field.h"

namespace civlog {
namespace {

std::vector<std::string> MeasureNames() {
  std::vector<std::string> names;
  for (const Measure& measure : Measures()) names.emplace_back(measure.name);
  return names;
}

std::vector<std::string> FieldNames(bool filters) {
  std::vector<std::string> names;
  for (const RecordField& field : RecordFields()) {
    if (filters ? field.filters : field.groups) names.emplace_back(field.name);
  }
  return names;
}

// The ids of the services of the catalogue that the words, or the folder, lead to.
std::vector<std::string> ServiceIds(const std::vector<std::string>& words) {
  std::string option;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "-c" || words[i] == "--catalog") option = words[i + 1];
  }
  const std::string path = CatalogPath(option);
  std::vector<std::string> ids;
  if (path.empty()) return ids;
  const CatalogResult result = LoadCatalog(path);
  if (!result.catalog) return ids;
  for (const Service& service : result.catalog->services) ids.push_back(service.id);
  return ids;
}

void AppendTo(std::vector<std::string>* words, const std::vector<std::string>& more) {
  words->insert(words->end(), more.begin(), more.end());
}

// What an option takes; for lists, what the last name of the list may become.
std::vector<std::string> Values(const std::string& option, const std::vector<std::string>& words) {
  const std::string& current = words.back();
  std::vector<std::string> names;
  if (option == "--select" || option == "-s" || option == "--order") names = MeasureNames();
  if (option == "--by" || option == "-b" || option == "--order")
    AppendTo(&names, FieldNames(false));
  if (!names.empty()) {
    const std::string before = current.substr(0, current.rfind(',') + 1);
    for (std::string& name : names) name = before + name;
    return names;
  }
  if (option == "--where") {
    if (!current.starts_with("service=")) return FieldNames(true);
    for (const std::string& id : ServiceIds(words)) names.push_back("service=" + id);
  }
  if (option == "--format" || option == "-f") {
    names = {"text", "json", "ndjson", "csv", "markdown", "html"};
  }
  if (option == "--split") names = {"department"};
  if (option == "--lang") names = {"en", "ko"};
  if (option == "--compare") names = {"previous", "1d", "7d"};
  if (option == "--log-format" || option == "-l") {
    for (const FormatPreset& preset : FormatPresets()) names.emplace_back(preset.name);
  }
  return names;
}

std::vector<const CLI::App*> Commands(const CLI::App& app) {
  std::vector<const CLI::App*> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) commands.push_back(command);
  }
  return commands;
}

std::vector<const CLI::Option*> Options(const CLI::App& app) {
  std::vector<const CLI::Option*> options;
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (!option->get_group().empty()) options.push_back(option);
  }
  return options;
}

// A text for roff: a dash is one, and no line is taken for a command.
std::string Roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else {
      out += c;
    }
  }
  return out;
}

void AppendOptions(const CLI::App& command, std::string* page) {
  for (const CLI::Option* option : Options(command)) {
    absl::StrAppend(page, ".TP\n.B ", Roff(option->get_name(option->get_positional())));
    const std::string type = option->get_type_name();
    if (!type.empty() && !option->get_positional())
      absl::StrAppend(page, " \\fI", Roff(type), "\\fR");
    absl::StrAppend(page, "\n", Roff(option->get_description()), "\n");
  }
}

}  // namespace

std::vector<std::string> Completions(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string& current = words.back();
  const CLI::App* command = &app;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    for (const CLI::App* sub : Commands(*command)) {
      if (sub->get_name() == words[i]) command = sub;
    }
  }
  std::vector<std::string> names;
  if (words.size() > 1) names = Values(words[words.size() - 2], words);
  if (names.empty() && current.starts_with('-')) {
    for (const CLI::Option* option : Options(*command)) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  } else if (names.empty()) {
    for (const CLI::App* sub : Commands(*command)) names.push_back(sub->get_name());
  }
  std::erase_if(names, [&current](const std::string& name) { return !name.starts_with(current); });
  return names;
}

std::string CompletionScript(std::string_view shell) {
  if (shell == "bash") {
    return R"(# Completion of civlog for bash: source it, or put it into bash-completion's folder.
_civlog() {
  local IFS=$'\n'
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(civlog complete -- "${words[@]}" 2>/dev/null))
}
complete -o default -o nosort -F _civlog civlog 2>/dev/null || complete -o default -F _civlog civlog
)";
  }
  if (shell == "zsh") {
    return R"(#compdef civlog
# Completion of civlog for zsh: put it into a folder of $fpath as _civlog.
local -a names
names=("${(@f)$(civlog complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
names=(${names:#})
if (( ${#names} )); then
  compadd -Q -S '' -- "${names[@]}"
else
  _files
fi
)";
  }
  if (shell == "fish") {
    return R"(# Completion of civlog for fish: put it into a folder of completions as civlog.fish.
function __civlog_complete
  set -l words (commandline -opc) (commandline -ct)
  civlog complete -- $words[2..-1] 2>/dev/null
end
complete -c civlog -a '(__civlog_complete)'
)";
  }
  return "";
}

std::string ManualPage(const CLI::App& app) {
  std::string page = absl::StrCat(".TH CIVLOG 1 \"\" \"civlog ", CIVLOG_VERSION,
                                  "\" \"User Commands\"\n.SH NAME\ncivlog \\- ",
                                  Roff(app.get_description()), "\n.SH SYNOPSIS\n");
  for (const CLI::App* command : Commands(app)) {
    absl::StrAppend(&page, ".B civlog ", Roff(command->get_name()), "\n[options]\n.br\n");
  }
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : Commands(app)) {
    absl::StrAppend(&page, ".SS civlog ", Roff(command->get_name()), "\n",
                    Roff(command->get_description()), "\n");
    AppendOptions(*command, &page);
    for (const CLI::App* sub : Commands(*command)) {
      absl::StrAppend(&page, ".SS civlog ", Roff(command->get_name()), " ", Roff(sub->get_name()),
                      "\n", Roff(sub->get_description()), "\n");
      AppendOptions(*sub, &page);
    }
  }
  page += ".SH MEASURES\n";
  for (const Measure& measure : Measures()) {
    absl::StrAppend(&page, ".TP\n.B ", Roff(measure.name), "\n", Roff(measure.meaning), "\n");
  }
  page += ".SH DIMENSIONS AND FIELDS\n";
  for (const RecordField& field : RecordFields()) {
    const char* use = !field.groups ? " (\\-\\-where)" : !field.filters ? " (\\-\\-by)" : "";
    absl::StrAppend(&page, ".TP\n.B ", Roff(field.name), "\n", Roff(field.meaning), use, "\n");
  }
  absl::StrAppend(&page, ".SH EXAMPLES\n.nf\n", Roff(kQueryExamples), "\n.fi\n");
  page +=
      ".SH EXIT STATUS\n0 done; 1 nothing counted; 2 usage, catalogue, format or expression; 3 an "
      "input could not be read; 4 an output could not be written; 130 interrupted.\n"
      ".SH ENVIRONMENT\n.TP\n.B CIVLOG_CATALOG\nthe service catalogue where \\-\\-catalog is not "
      "given\n.TP\n.B NO_COLOR\nno colour\n";
  return page;
}

}  // namespace civlog
