#include "queries/mail_message.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "parsers/absl_bridge.h"
#include "queries/escape.h"

namespace civlog {
namespace {

// Nothing in base64 can look like them.
constexpr std::string_view kMixed = "=_civlog_mixed";
constexpr std::string_view kAlternative = "=_civlog_alternative";

std::string Base64(std::string_view text) { return absl::Base64Escape(ToAbsl(text)); }

std::string Base64Lines(std::string_view text) {
  constexpr size_t kLine = 76;
  const std::string encoded = Base64(text);
  std::string out;
  for (size_t at = 0; at < encoded.size(); at += kLine) {
    out.append(encoded, at, kLine).append("\n");
  }
  return out;
}

// RFC 2047: words of at most 75 characters, each whole characters of UTF-8.
std::string EncodedWords(std::string_view text) {
  constexpr size_t kBytes = 42;
  std::string out;
  while (!text.empty()) {
    size_t bytes = std::min(kBytes, text.size());
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
      --bytes;
    }
    out.append(out.empty() ? "" : "\n ").append("=?UTF-8?B?");
    out.append(Base64(text.substr(0, bytes))).append("?=");
    text.remove_prefix(bytes);
  }
  return out;
}

void AppendPart(std::string_view boundary, std::string_view type, std::string_view disposition,
                std::string_view content, std::string* out) {
  out->append("--").append(boundary).append("\nContent-Type: ").append(type);
  out->append("\nContent-Transfer-Encoding: base64\n");
  if (!disposition.empty()) out->append("Content-Disposition: ").append(disposition).append("\n");
  out->append("\n").append(Base64Lines(content)).append("\n");
}

}  // namespace

bool IsMailAddress(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
  if (text.front() == '-' || text.find('@', at + 1) != std::string_view::npos) return false;
  static constexpr std::string_view kOthers = "!#$%&'*+/=?^_`{|}~.-@";
  return std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || kOthers.find(c) != std::string_view::npos;
  });
}

std::string WriteMailMessage(const MailMessage& message) {
  std::string out = "To: ";
  for (const std::string& address : message.to) {
    out.append(&address == &message.to.front() ? "" : ",\n ").append(address);
  }
  out.append("\nSubject: ").append(EncodedWords(EscapeForTerminal(message.subject)));
  out.append("\nMIME-Version: 1.0\nAuto-Submitted: auto-generated\n");
  out.append("Content-Type: multipart/mixed; boundary=\"").append(kMixed).append("\"\n\n");
  out.append("--").append(kMixed).append("\nContent-Type: multipart/alternative; boundary=\"");
  out.append(kAlternative).append("\"\n\n");
  AppendPart(kAlternative, "text/plain; charset=utf-8", "", message.text, &out);
  AppendPart(kAlternative, "text/html; charset=utf-8", "", message.html, &out);
  out.append("--").append(kAlternative).append("--\n\n");
  AppendPart(kMixed, "text/html; charset=utf-8",
             "attachment; filename=\"" + message.attachment + "\"", message.html, &out);
  return out.append("--").append(kMixed).append("--\n");
}

}  // namespace civlog
