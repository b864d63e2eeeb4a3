// Korean particles, which depend on how the word before them ends.

#ifndef CIVLOG_QUERIES_KOREAN_PARTICLE_H_
#define CIVLOG_QUERIES_KOREAN_PARTICLE_H_

#include <string_view>

namespace civlog {

// The one of `pair`, such as "은/는", "이/가", "을/를", "과/와" or "으로/로", that follows `text`:
// the first after a final consonant, the second after a vowel ("으로/로": also after ㄹ).
// Digits and Latin letters count as they are read aloud, "%" as 퍼센트. Closing marks, and
// what stands in brackets at the end, are passed over, as in writing. The second where the
// text ends in nothing that is read.
std::string_view ParticleAfter(std::string_view text, std::string_view pair);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_KOREAN_PARTICLE_H_
