// Which of many query constraints a request meets, in one pass over its query.

#ifndef CIVLOG_ENGINE_QUERY_CONSTRAINTS_H_
#define CIVLOG_ENGINE_QUERY_CONSTRAINTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "engine/catalog.h"

namespace civlog {

// Position of a distinct constraint.
using ConstraintId = uint32_t;

// The constraints that one request meets: a bit each.
class MetConstraints {
 public:
  bool Has(ConstraintId id) const { return (words_[id / 64] >> (id % 64) & 1) != 0; }

 private:
  friend class QueryConstraints;
  absl::InlinedVector<uint64_t, 4> words_;
};

// The distinct constraints of a catalogue. Portals tell pages apart by their query
// alone (`/list.do?menuNo=200012`, hundreds of them), so that asking a query for one
// constraint after the other would make requests dear. Add() first; then immutable
// and thread-safe.
class QueryConstraints {
 public:
  ConstraintId Add(const QueryConstraint& constraint);

  // The constraints that `query` meets: key and value compared after
  // percent-decoding, '+' a space; the value of a key without '=' is "". Linear in
  // the length of the query.
  MetConstraints Find(std::string_view query) const;

 private:
  absl::flat_hash_map<std::string, ConstraintId> keys_;  // `?key`
  // `?key=value`, by key and value with a NUL between: a route holds none.
  absl::flat_hash_map<std::string, ConstraintId> pairs_;
  size_t size_ = 0;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_QUERY_CONSTRAINTS_H_
