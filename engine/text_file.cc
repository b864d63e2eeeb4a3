#include "engine/text_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace civlog {
namespace {

constexpr size_t kMaxFileBytes = size_t{64} << 20;

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return absl::NotFoundError(std::generic_category().message(errno));
  std::string text;
  constexpr size_t kPiece = size_t{64} << 10;
  while (in && text.size() <= kMaxFileBytes) {
    const size_t size = text.size();
    text.resize(size + kPiece);
    in.read(text.data() + size, static_cast<std::streamsize>(kPiece));
    text.resize(size + static_cast<size_t>(in.gcount()));
  }
  if (in.bad()) return absl::FailedPreconditionError("it is no file, or reading it failed");
  if (text.size() > kMaxFileBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("it has more than ", kMaxFileBytes, " bytes"));
  }
  return text;
}

}  // namespace civlog
