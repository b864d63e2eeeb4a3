#!/bin/sh
# Queries over real logs, against what awk and sort say of the same lines: the oldest
# tools there are, which know nothing of civlog.
#
# usage: corpora_queries.sh PROGRAM CORPORA. Exit 77: the logs are not here.
set -eu
program=$1
corpora=$2
if [ ! -d "$corpora" ]; then
  echo "no real logs at hand: skipped"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
gzip -dc "$corpora/apache-combined-elastic/apache_logs.gz" >"$folder/elastic.log"
gzip -dc "$corpora/apache-combined-2013/access.log.49.gz" >"$folder/older.log"
gzip -dc "$corpora/apache-combined-2025/access.log.1.gz" >"$folder/newer.log"
cd "$folder"
failures=0

# same NAME EXPECTED-COMMAND QUERY-OPTION...: the query's CSV, without its header.
same() {
  name=$1
  expected=$2
  shift 2
  sh -c "$expected" | LC_ALL=C sort >expected.txt
  "$program" query --quiet --format csv --time-zone UTC "$@" | tr -d '\r' | tail -n +2 |
    LC_ALL=C sort >found.txt || :
  if [ ! -s expected.txt ] && [ "${allow_none:-}" != yes ]; then
    echo "$name: awk found nothing, so that nothing was compared"
    failures=$((failures + 1))
  elif ! cmp -s expected.txt found.txt; then
    echo "$name: differs"
    diff expected.txt found.txt | head -n 10
    failures=$((failures + 1))
  fi
}

by_status='{ n[$(NF >= 9 ? 9 : 0)]++ } END { for (s in n) print s "," n[s] }'
# Fields from the end of the request's quotes on, whatever is in it.
after='{ split($0, q, "\""); split(q[3], f, " "); status = f[1]; bytes = f[2]; request = q[2] }'

same 'requests' "wc -l <elastic.log | tr -d ' '" elastic.log
same 'by status' "awk '$by_status' elastic.log" --by status elastic.log
same 'by status class, of two logs' \
  "cat older.log newer.log | awk '$after { n[substr(status, 1, 1) \"xx\"]++ } END { for (s in n) print s \",\" n[s] }'" \
  --by status_class older.log newer.log
same 'bytes by status' \
  "awk '$after bytes != \"-\" { n[status] += bytes } { n[status] += 0 } END { for (s in n) printf \"%s,%d\n\", s, n[s] }' older.log" \
  --select bytes_sent --by status older.log
same 'by method' \
  "awk '$after { split(request, r, \" \"); n[r[1] ~ /^[A-Z]+\$/ ? r[1] : \"\"]++ } END { for (m in n) print m \",\" n[m] }' older.log" \
  --by method older.log
same 'errors only' \
  "awk '$after status >= 400 { n[status]++ } END { for (s in n) print s \",\" n[s] }' elastic.log" \
  --by status --where 'status >= 400' elastic.log
same 'not' \
  "awk '$after !(status == 200 || status == 304) { n++ } END { print n }' elastic.log" \
  --where 'not (status = 200 or status = 304)' elastic.log
same 'a pattern on the agent' \
  "awk -F'\"' '\$6 ~ /Firefox\\/[0-9]+/ { n++ } END { print n }' elastic.log" \
  --where 'agent =~ "Firefox/[0-9]+"' elastic.log
same 'large answers' \
  "awk '$after bytes > 1000000 { n++ } END { print n }' elastic.log" \
  --where 'bytes_sent > 1MB' elastic.log
same 'by hour of the day' \
  "awk '{ n[substr(\$4, 14, 2) + 0]++ } END { for (h in n) print h \",\" n[h] }' elastic.log" \
  --by hour_of_day elastic.log
same 'by day' \
  "awk '{ n[\"2015-05-\" substr(\$4, 2, 2)]++ } END { for (d in n) print d \",\" n[d] }' elastic.log" \
  --by day elastic.log
same 'clients of one network' \
  "awk '{ split(\$1, a, \".\"); if (split(\$1, a, \".\") == 4 && \$1 ~ /^[0-9.]+\$/) n[a[1] \".\" a[2] \".\" a[3] \".0/24\"]++ } END { for (i in n) print i \",\" n[i] }' older.log" \
  --by network --where 'network =~ "/24$"' older.log
same 'two dimensions' \
  "awk '$after { split(request, r, \" \"); n[(r[1] ~ /^[A-Z]+\$/ ? r[1] : \"\") \",\" status]++ } END { for (k in n) print k \",\" n[k] }' older.log" \
  --by method,status older.log
allow_none=yes
same 'a literal, line by line' "grep -c 'POST ' older.log" --where 'method = POST' older.log
for status in 404 500; do
  "$program" query --quiet --records --where "status = $status" elastic.log >found.txt || :
  awk "$after status == $status" elastic.log >expected.txt
  if ! cmp -s expected.txt found.txt; then
    echo "records with status $status: differ"
    failures=$((failures + 1))
  fi
done
[ "$failures" -eq 0 ] || exit 1
echo "16 queries agree with awk"
