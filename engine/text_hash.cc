#include "engine/text_hash.h"

#include "engine/visitor.h"

namespace civlog {
namespace {

TextHashSeed RandomSeed() {
  const VisitorKey first = VisitorKey::Random();
  const VisitorKey second = VisitorKey::Random();
  return {first.k0, first.k1, second.k0, second.k1};
}

}  // namespace

const TextHashSeed kTextHashSeed = RandomSeed();

}  // namespace civlog
