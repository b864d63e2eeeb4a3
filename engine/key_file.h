// The keys that visitors are known under, beside the store and apart from it.

#ifndef CIVLOG_ENGINE_KEY_FILE_H_
#define CIVLOG_ENGINE_KEY_FILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/visitor.h"

namespace civlog {

// What the file holds: lines of a word and hexadecimal numbers, see docs/store.md.
struct StoredKeys {
  uint64_t store = 0;  // which store they are of
  VisitorKey key;      // of the store's life: says which shard a visitor is of, and what a
                       // log is known by
  std::map<int32_t, VisitorKey> weeks;
};

// What the text of such a file says; `path` is for the message.
absl::StatusOr<StoredKeys> ParseKeys(std::string_view text, const std::string& path);

// NotFound where there is none; the message names the file and the remedy.
absl::StatusOr<StoredKeys> ReadKeyFile(const std::string& path);

// Replaces the file, readable by its owner only, and overwrites what the one before held.
// It is on the disk when this returns.
absl::Status WriteKeyFile(const std::string& path, const StoredKeys& keys);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_KEY_FILE_H_
