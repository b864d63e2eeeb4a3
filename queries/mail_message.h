// A report as a message that a mail program takes.

#ifndef CIVLOG_QUERIES_MAIL_MESSAGE_H_
#define CIVLOG_QUERIES_MAIL_MESSAGE_H_

#include <string>
#include <string_view>
#include <vector>

namespace civlog {

struct MailMessage {
  std::vector<std::string> to;  // addresses that IsMailAddress takes
  std::string subject;
  std::string text;        // for those who read no HTML
  std::string html;        // the same
  std::string attachment;  // name of the file in which the HTML comes once more: [a-z0-9.-]+
};

// Whether it is one address, such as head@city.example: with nothing in it that could begin
// another header or be an option.
bool IsMailAddress(std::string_view text);

// RFC 5322 and MIME: multipart/alternative and the attachment, lines of at most 78 characters.
// Without From, Date and Message-ID, which the program that takes it adds; the same message
// gives the same bytes.
std::string WriteMailMessage(const MailMessage& message);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_MAIL_MESSAGE_H_
