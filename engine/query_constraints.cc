#include "engine/query_constraints.h"

#include "engine/path.h"

namespace civlog {
namespace {

std::string PairKey(std::string_view key, std::string_view value) {
  std::string pair(key);
  pair.push_back('\0');
  pair.append(value);
  return pair;
}

}  // namespace

ConstraintId QueryConstraints::Add(const QueryConstraint& constraint) {
  auto& ids = constraint.any_value ? keys_ : pairs_;
  std::string key =
      constraint.any_value ? constraint.key : PairKey(constraint.key, constraint.value);
  const auto [entry, is_new] = ids.try_emplace(std::move(key), static_cast<ConstraintId>(size_));
  if (is_new) ++size_;
  return entry->second;
}

MetConstraints QueryConstraints::Find(std::string_view query) const {
  MetConstraints met;
  met.words_.resize((size_ + 63) / 64);
  const auto note = [&met](const auto& ids, const std::string& text) {
    const auto found = ids.find(text);
    if (found != ids.end()) met.words_[found->second / 64] |= uint64_t{1} << (found->second % 64);
  };
  std::string text;
  std::string value;
  ForEachQueryPair(query, [&](std::string_view raw_key, std::string_view raw_value) {
    DecodeQueryText(raw_key, &text);
    if (!keys_.empty()) note(keys_, text);
    DecodeQueryText(raw_value, &value);
    text.push_back('\0');
    text.append(value);
    note(pairs_, text);
  });
  return met;
}

}  // namespace civlog
