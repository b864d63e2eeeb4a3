#!/bin/sh
# check_test.sh ROOT: check.sh finds what is planted into a copy of the sources.
set -eu
root=$1
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

for folder in parsers engine queries cli bench; do
  mkdir "$copy/$folder"
done
mkdir "$copy/tests"
echo '# Empty' >"$copy/README.md"
echo 'int main() { return 0; }' >"$copy/cli/main.cc"

failures=0
# expect WORDS FILE TEXT: check.sh complains in these words about a file with
# that text; "" for no complaint.
expect() {
  printf '%b' "$3" >"$copy/$2"
  complaint=$(sh "$root/tests/house/check.sh" "$copy" 2>&1 || :)
  case $complaint in
    *"$1"*) [ -n "$1" ] || [ -z "$complaint" ] || failures=$((failures + 1)) ;;
    *) failures=$((failures + 1)) ;;
  esac
  if [ "$failures" -gt 0 ]; then
    echo "$2 should have led to \"$1\", but led to: $complaint"
    exit 1
  fi
  rm "$copy/$2"
}

expect '' engine/fine.cc '#include "engine/a.h"\n#include "parsers/b.h"\n#include "absl/time/time.h"\n'
expect '' queries/fine.cc '#include "parsers/record_batch.h"\n#include "engine/a.h"\n'
expect '' cli/fine.h '#ifndef CIVLOG_CLI_FINE_H_\n'
expect 'parsers/ may not' parsers/up.cc '#include "engine/a.h"\n'
expect 'engine/ may not' engine/up.h '#ifndef CIVLOG_ENGINE_UP_H_\n#include "queries/a.h"\n'
expect 'queries/ may not' queries/up.cc '#include "cli/a.h"\n'
expect 'queries/ may not' queries/deep.cc '#include "parsers/line_parser.h"\n'
expect 'its guard is not CIVLOG_CLI_A_B_H_' cli/a_b.h '#ifndef A_B_H\n'
expect 'Twice: several headers' cli/twice.h \
  '#ifndef CIVLOG_CLI_TWICE_H_\nstruct Twice {\n};\nclass Twice : public A {\n};\n'
expect 'split it' cli/long.cc "$(yes '// line\n' | head -n 601 | tr -d '\n')"
expect 'TO''DO' cli/later.cc '// TO''DO: later\n'
expect '/wo''rk/' README.md 'see /wo''rk/notes\n'
expect 'no such file: gone.md' README.md '[gone](gone.md)\n'
expect '' README.md '[here](README.md#top) and [there](https://portal.example/)\n'
