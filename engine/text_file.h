// Small files that operators write: the catalogue, counts of other channels.

#ifndef CIVLOG_ENGINE_TEXT_FILE_H_
#define CIVLOG_ENGINE_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace civlog {

// The bytes of a file of at most 64 MiB, or why it has none to give, without the file's
// name: "No such file or directory".
absl::StatusOr<std::string> ReadTextFile(const std::string& file);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TEXT_FILE_H_
