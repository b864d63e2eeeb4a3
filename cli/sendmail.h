// Hands a message to the mail program of the machine.

#ifndef CIVLOG_CLI_SENDMAIL_H_
#define CIVLOG_CLI_SENDMAIL_H_

#include <string>

#include "absl/status/status.h"

namespace civlog {

// Runs $CIVLOG_SENDMAIL, or /usr/sbin/sendmail, as `sendmail -i -t` and gives it `message`.
// Unavailable, with the remedy, where it cannot be run or ends with an error.
absl::Status SendMail(const std::string& message);

}  // namespace civlog

#endif  // CIVLOG_CLI_SENDMAIL_H_
