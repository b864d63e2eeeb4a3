// What the program tells of itself: words for the shell to complete, and a manual page.
// Both are made from the options themselves.

#ifndef CIVLOG_CLI_HELP_PAGES_H_
#define CIVLOG_CLI_HELP_PAGES_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace civlog {

// What the last of `words` may become: commands, options, measures, dimensions, fields,
// formats, and the catalogue's services behind "service=". `words` are those behind the
// program's name. Nothing where a file is meant.
std::vector<std::string> Completions(const CLI::App& app, const std::vector<std::string>& words);

// The script that makes a shell ask for them: "bash", "zsh" or "fish"; empty for others.
std::string CompletionScript(std::string_view shell);

// The manual page, for man(1).
std::string ManualPage(const CLI::App& app);

}  // namespace civlog

#endif  // CIVLOG_CLI_HELP_PAGES_H_
