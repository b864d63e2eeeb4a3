#include "parsers/delimiter_index.h"

#include <algorithm>
#include <cstdlib>

// The part that is compiled once for each kind of vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "parsers/delimiter_index.cc"
#include "hwy/foreach_target.h"
// foreach_target.h must come first.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace civlog {
namespace HWY_NAMESPACE {

void MarkBytesWithVectors(const char* text, size_t words, const MarkedBytes& bytes,
                          ByteMasks* masks) {
  namespace hn = hwy::HWY_NAMESPACE;
  // No wider than the text of one mask.
  const hn::CappedTag<uint8_t, 64> tag;
  const size_t lanes_at_once = hn::Lanes(tag);
  const auto* at = reinterpret_cast<const uint8_t*>(text);
  const auto byte0 = hn::Set(tag, static_cast<uint8_t>(bytes[0]));
  const auto byte1 = hn::Set(tag, static_cast<uint8_t>(bytes[1]));
  const auto byte2 = hn::Set(tag, static_cast<uint8_t>(bytes[2]));
  const auto byte3 = hn::Set(tag, static_cast<uint8_t>(bytes[3]));
  for (size_t word = 0; word < words; ++word, at += 64) {
    auto* out = reinterpret_cast<uint8_t*>(masks[word].data());
    for (size_t i = 0; i < 64; i += lanes_at_once) {
      const auto lanes = hn::LoadU(tag, at + i);
      hn::StoreMaskBits(tag, hn::Eq(lanes, byte0), out + i / 8);
      hn::StoreMaskBits(tag, hn::Eq(lanes, byte1), out + 8 + i / 8);
      hn::StoreMaskBits(tag, hn::Eq(lanes, byte2), out + 16 + i / 8);
      hn::StoreMaskBits(tag, hn::Eq(lanes, byte3), out + 24 + i / 8);
    }
  }
}

// Of whole words of 64 bytes.
size_t CountWithVectors(const char* text, size_t words, char byte) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<uint8_t, 64> tag;
  const size_t lanes_at_once = hn::Lanes(tag);
  const auto wanted = hn::Set(tag, static_cast<uint8_t>(byte));
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text);
  size_t count = 0;
  for (size_t at = 0; at < words * 64; at += lanes_at_once) {
    count += hn::CountTrue(tag, hn::Eq(hn::LoadU(tag, bytes + at), wanted));
  }
  return count;
}

}  // namespace HWY_NAMESPACE
}  // namespace civlog
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace civlog {
namespace {

// What the others must equal.
void MarkBytesPlainly(const char* text, size_t words, const MarkedBytes& bytes, ByteMasks* masks) {
  for (size_t word = 0; word < words; ++word) {
    for (size_t b = 0; b < kMarkedBytes; ++b) {
      uint64_t mask = 0;
      for (size_t i = 0; i < 64; ++i) {
        mask |= uint64_t{text[word * 64 + i] == bytes[b]} << i;
      }
      masks[word][b] = mask;
    }
  }
}

size_t CountPlainly(const char* text, size_t words, char byte) {
  return static_cast<size_t>(std::count(text, text + words * 64, byte));
}

struct Variant {
  std::string_view name;
  void (*mark)(const char*, size_t, const MarkedBytes&, ByteMasks*);
  size_t (*count)(const char*, size_t, char);
};

// Those that were compiled and that this machine can run, the best first. Highway's own choice
// among them is in its shared library, which measures the clock whenever a program starts and
// which Valgrind cannot run; so the choice is made here, and its headers are all that is used.
std::vector<Variant> FindVariants() {
  std::vector<Variant> variants;
#if HWY_ARCH_X86 && (HWY_TARGETS & HWY_AVX3)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    variants.push_back({"avx3", &N_AVX3::MarkBytesWithVectors, &N_AVX3::CountWithVectors});
  }
#endif
#if HWY_ARCH_X86 && (HWY_TARGETS & HWY_AVX2)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("bmi2")) {
    variants.push_back({"avx2", &N_AVX2::MarkBytesWithVectors, &N_AVX2::CountWithVectors});
  }
#endif
#if HWY_ARCH_X86 && (HWY_TARGETS & HWY_SSE4)
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul")) {
    variants.push_back({"sse4", &N_SSE4::MarkBytesWithVectors, &N_SSE4::CountWithVectors});
  }
#endif
#if HWY_ARCH_X86 && (HWY_TARGETS & HWY_SSSE3)
  if (__builtin_cpu_supports("ssse3")) {
    variants.push_back({"ssse3", &N_SSSE3::MarkBytesWithVectors, &N_SSSE3::CountWithVectors});
  }
#endif
#if HWY_ARCH_ARM && (HWY_TARGETS & HWY_NEON) && HWY_IS_LITTLE_ENDIAN
  variants.push_back({"neon", &N_NEON::MarkBytesWithVectors, &N_NEON::CountWithVectors});
#endif
  variants.push_back({"none", &MarkBytesPlainly, &CountPlainly});
  return variants;
}

const std::vector<Variant>& Variants() {
  static const std::vector<Variant>& variants = *new std::vector<Variant>(FindVariants());
  return variants;
}

// Null where this machine has none of that name.
const Variant* FindVariant(std::string_view name) {
  const auto found = std::find_if(Variants().begin(), Variants().end(),
                                  [name](const Variant& variant) { return variant.name == name; });
  return found != Variants().end() ? &*found : nullptr;
}

const Variant& Chosen() {
  static const Variant& chosen = []() -> const Variant& {
    const char* const wanted = std::getenv("CIVLOG_VECTOR");
    const Variant* const named = wanted != nullptr ? FindVariant(wanted) : nullptr;
    return named != nullptr ? *named : Variants().front();
  }();
  return chosen;
}

size_t CountNewlines(const Variant& variant, std::string_view text) {
  const size_t words = text.size() / 64;
  const auto rest = text.substr(words * 64);
  return variant.count(text.data(), words, '\n') +
         static_cast<size_t>(std::count(rest.begin(), rest.end(), '\n'));
}

}  // namespace

std::vector<std::string_view> VectorVariants() {
  std::vector<std::string_view> names;
  for (const Variant& variant : Variants()) names.push_back(variant.name);
  return names;
}

void MarkBytes(std::string_view variant, const char* text, size_t words, const MarkedBytes& bytes,
               ByteMasks* masks) {
  if (const Variant* found = FindVariant(variant); found != nullptr) {
    found->mark(text, words, bytes, masks);
  }
}

size_t CountNewlines(std::string_view variant, std::string_view text) {
  const Variant* const found = FindVariant(variant);
  return found != nullptr ? CountNewlines(*found, text) : 0;
}

size_t CountNewlines(std::string_view text) { return CountNewlines(Chosen(), text); }

DelimiterIndex::DelimiterIndex(std::array<char, 2> delimiters)
    : bytes_{'\n', '\\', delimiters[0], delimiters[1]}, masks_(kMostBytes / 64 + 2) {}

void DelimiterIndex::Index(std::string_view text) {
  size_ = text.size();
  const size_t words = (text.size() + 63) / 64;
  Chosen().mark(text.data(), words, bytes_, masks_.data());
  uint64_t backslashes = 0;
  for (size_t word = 0; word < words; ++word) backslashes |= masks_[word][kBackslash];
  any_backslash_ = backslashes != 0;
  masks_[words].fill(~uint64_t{0});
  // Of what stands behind the text.
  if (text.size() % 64 != 0) masks_[words - 1][kNewline] &= ~uint64_t{0} >> (64 - text.size() % 64);
}

}  // namespace civlog

#endif  // HWY_ONCE
