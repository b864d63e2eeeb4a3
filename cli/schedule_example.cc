#include "cli/schedule_example.h"

namespace civlog {
namespace {

// What differs from city to city is in the environment file, so that the unit itself can stay
// as it is installed.
constexpr std::string_view kService =
    R"(# civlog-report.service: takes in the logs, and writes the report on the last complete week.
#
# What is your own goes into /etc/civlog/report.env:
#
#   CIVLOG_CATALOG=/etc/civlog/civlog.toml
#   CIVLOG_LOGS=/var/log/nginx
#   CIVLOG_LANGUAGE=ko
#   CIVLOG_MAIL=head@city.example,web@city.example      (none: no mail)
#   CIVLOG_SENDMAIL=/usr/sbin/sendmail

[Unit]
Description=Weekly report on the use of the portal
Documentation=man:civlog(1)
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
Environment=CIVLOG_LOGS=/var/log/nginx CIVLOG_LANGUAGE=en CIVLOG_MAIL=
EnvironmentFile=-/etc/civlog/report.env
# The store, its keys and the reports are in /var/lib/civlog.
StateDirectory=civlog
StateDirectoryMode=0750
UMask=0027
# Debian's logs are readable by the group adm.
DynamicUser=yes
SupplementaryGroups=adm
ProtectSystem=strict
ProtectHome=yes
PrivateDevices=yes
ExecStart=civlog ingest --quiet --store %S/civlog/portal.civlog ${CIVLOG_LOGS}
# Ends with 1, and the unit fails, where the week is missing or has holes.
ExecStart=civlog report --strict --store %S/civlog/portal.civlog --lang ${CIVLOG_LANGUAGE} --output %S/civlog/week.html --mail ${CIVLOG_MAIL}
)";

constexpr std::string_view kTimer =
    R"(# civlog-report.timer: every Monday at six, of the portal's clock.
#
#   systemctl enable --now civlog-report.timer

[Unit]
Description=Weekly report on the use of the portal, every Monday

[Timer]
OnCalendar=Mon *-*-* 06:00:00 {zone}
# Makes up for a Monday on which the machine was off.
Persistent=true

[Install]
WantedBy=timers.target
)";

std::string Timer(std::string_view zone) {
  std::string text(kTimer);
  constexpr std::string_view kPlace = "{zone}";
  return text.replace(text.find(kPlace), kPlace.size(), zone);
}

}  // namespace

std::string ScheduleExample(std::string_view which, std::string_view zone) {
  if (which == "service") return std::string(kService);
  if (which == "timer") return Timer(zone);
  return std::string(kService).append("\n").append(Timer(zone));
}

}  // namespace civlog
