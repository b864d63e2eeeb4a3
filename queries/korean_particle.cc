#include "queries/korean_particle.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace civlog {
namespace {

enum class Final : uint8_t { kNone, kRieul, kOther };

// Closing marks of three bytes.
constexpr std::string_view kClosingMarks[] = {"’", "”", "」", "』", "》", "〉", "…"};

// Cuts closing marks and blanks; and a bracket with what is in it, unless nothing stands
// before it.
bool CutTail(std::string_view* text) {
  constexpr std::string_view kSimple = "'\" .,!?";
  if (kSimple.find(text->back()) != std::string_view::npos) {
    text->remove_suffix(1);
    return true;
  }
  for (const std::string_view mark : kClosingMarks) {
    if (!text->ends_with(mark)) continue;
    text->remove_suffix(mark.size());
    return true;
  }
  if (text->back() != ')') return false;
  const size_t open = text->rfind('(');
  if (open == std::string_view::npos || open == 0) {
    text->remove_suffix(1);
  } else {
    *text = text->substr(0, open);
  }
  return true;
}

// Syllables are laid out by initial, vowel and final (Unicode, section 3.12).
std::optional<Final> FinalOfSyllable(std::string_view text) {
  constexpr uint32_t kFirst = 0xAC00;
  constexpr uint32_t kLast = 0xD7A3;
  constexpr uint32_t kFinals = 28;
  constexpr uint32_t kRieulFinal = 8;
  if (text.size() < 3) return std::nullopt;
  const auto byte = [&](size_t from_end) {
    return static_cast<uint32_t>(static_cast<uint8_t>(text[text.size() - from_end]));
  };
  if ((byte(3) & 0xF0U) != 0xE0U) return std::nullopt;
  const uint32_t c = ((byte(3) & 0x0FU) << 12) | ((byte(2) & 0x3FU) << 6) | (byte(1) & 0x3FU);
  if (c < kFirst || c > kLast) return std::nullopt;
  const uint32_t final = (c - kFirst) % kFinals;
  if (final == 0) return Final::kNone;
  return final == kRieulFinal ? Final::kRieul : Final::kOther;
}

// How a digit (영 일 이 삼 사 오 육 칠 팔 구; ten and its powers, which end in 0, all end in a
// consonant) or the name of a Latin letter ends.
Final FinalOfCharacter(char c) {
  constexpr std::string_view kRieul = "178lLrR";
  constexpr std::string_view kOther = "036mMnN";
  if (kRieul.find(c) != std::string_view::npos) return Final::kRieul;
  return kOther.find(c) != std::string_view::npos ? Final::kOther : Final::kNone;
}

Final FinalOf(std::string_view text) {
  while (!text.empty() && CutTail(&text)) {
  }
  if (text.empty()) return Final::kNone;
  if (const std::optional<Final> final = FinalOfSyllable(text)) return *final;
  return FinalOfCharacter(text.back());
}

}  // namespace

std::string_view ParticleAfter(std::string_view text, std::string_view pair) {
  const size_t slash = pair.find('/');
  const std::string_view after_consonant = pair.substr(0, slash);
  const std::string_view after_vowel = pair.substr(slash + 1);
  const Final final = FinalOf(text);
  if (final == Final::kNone) return after_vowel;
  return final == Final::kRieul && after_vowel == "로" ? after_vowel : after_consonant;
}

}  // namespace civlog
