#!/bin/sh
# report.sh CIVLOG SOURCE: the weekly report from end to end, of the demonstration portal's
# store. Prints what is not as it should be, and then fails.
set -eu
civlog=$1
portal=$2/fixtures/hanbit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

fault() {
  echo "report.sh: $*" >&2
  failed=1
}

# ends CODE COMMAND...: it must end with CODE. What it says stays in `said`.
ends() {
  code=$1
  shift
  got=0
  "$@" >printed 2>said || got=$?
  [ "$got" -eq "$code" ] || fault "ended with $got, not $code: $* ($(head -c 300 said))"
}

# has FILE PIECE, lacks FILE PIECE
has() { grep -qF -e "$2" "$1" || fault "$1 lacks: $2"; }
lacks() { ! grep -qF -e "$2" "$1" || fault "$1 has: $2"; }

report() { "$civlog" report --store s.civlog "$@"; }

ends 0 "$civlog" ingest -q --store s.civlog -c "$portal/civlog.toml" "$portal/logs"

# The last complete week, in every format, by extension; with the gap said.
for format in html md json txt csv; do ends 0 report -o "week.$format"; done
has said '2 hours without any log line'
has week.html '<html lang="en">'
has week.html '16–22 November 2026'
has week.md '# Hanbit City: Portal use, weekly report'
has week.json '"schema": "civlog.report/1"'
has week.txt '7,931 visits'
has week.csv 'civlog.report/1'
ends 0 report --lang ko -o ko.html
has ko.html '<html lang="ko">'
has ko.html '민원 처리 완료율'

# The same store gives the same bytes.
cp week.html first.html
ends 0 report -o week.html
cmp -s week.html first.html || fault 'a second run wrote other bytes'

# A directory of tables.
ends 0 report --format csv -o tables/
has tables/services.csv 'resident-certificate'
has tables/report.key_figures.csv 'completion'
has tables/figures.csv 'citizens.visits,7931'

# Other periods.
ends 2 report --day 2026-11-17 --week 2026-W47
has said 'exclude each other'
ends 0 report -q --day 2026-11-17 -f json
has printed '"kind": "day"'
has printed '"complete": true'
ends 0 report -q --month 2026-11 -f json
has printed '"complete": false'
ends 0 report -q --from 2026-11-17 --to 2026-11-19 -f json
has printed '"first_day": "2026-11-17"'
ends 2 report --week 2026-W60
ends 2 report --from 2026-11-17

# What a monitor sees: a week that is missing, and, if it asks, one with holes.
ends 1 report --week 2026-W40 -o missing.html
has said 'nothing is known of'
[ ! -e missing.html ] || fault 'a report of nothing was written'
ends 1 report --strict -o strict.html
[ -s strict.html ] || fault 'a strict report was not written'
ends 3 "$civlog" report --store nowhere.civlog
ends 2 "$civlog" report
ends 4 report -o nowhere/week.html

# Departments.
ends 0 report -q --department '민원여권과' -f json
has printed '"department": "Civil Affairs Division"'
lacks printed '"id": "news"'
ends 0 report -q --department 'Civil Affairs Division' -o department.md
has department.md 'Department: Civil Affairs Division'
# Nothing is told of it that is of the portal as a whole.
for absent in 'Visits by day' 'Lines read' 'Stage reach' '404'; do lacks department.md "$absent"; done
ends 2 report --department 'Civil Affair' -f json
ends 0 report -q --split department -o departments/
has departments/index.html 'href="./Civil-Affairs-Division.html"'
has departments/Civil-Affairs-Division.html 'Department: Civil Affairs Division'
ends 2 report --split department

# For publication.
ends 0 report -q --public -f json
has printed '"rounded_to": 5'
lacks printed '/minwon/'

# By mail, to a program that keeps what it is given.
cat >sendmail <<'PROGRAM'
#!/bin/sh
echo "$*" >"$MAILED.arguments"
cat >"$MAILED"
PROGRAM
chmod +x sendmail
export MAILED="$work/mailed" CIVLOG_SENDMAIL="$work/sendmail"
ends 0 report -q --lang ko -o mail.html --mail head@city.example,web@city.example
has mailed.arguments '-i -t'
has mailed 'To: head@city.example,'
has mailed 'Content-Type: multipart/alternative'
has mailed 'filename="civlog-2026-W47.html"'
ends 0 report -q -o mail.html --mail ''
ends 2 report -q -o mail.html --mail 'head@city.example -oX'
CIVLOG_SENDMAIL="$work/nothing"
ends 4 report -q -o mail.html --mail head@city.example
has said 'mail was not sent'

# The schedule is that of the portal's clock.
ends 0 "$civlog" report --schedule-example -c "$portal/civlog.toml"
has printed 'OnCalendar=Mon *-*-* 06:00:00 Asia/Seoul'
has printed 'ExecStart=civlog ingest'

exit "$failed"
