#!/bin/sh
# check.sh ROOT: what holds for the sources as text. Prints every place where it
# does not, and then fails.
set -eu
cd "$1"

folders=
for folder in parsers engine queries cli web bench tests; do
  if [ -d "$folder" ]; then folders="$folders $folder"; fi
done

# shellcheck disable=SC2086
sources=$(find $folders -type f \( -name '*.cc' -o -name '*.h' \) | sort)
documents=$(find . -name 'build*' -prune -o -name .git -prune -o -name '*.md' -print | sort)
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# includes FOLDER PATTERN: which of the project's own headers the folder may
# include; the table of docs/architecture.md.
includes() {
  find "$1" -type f \( -name '*.cc' -o -name '*.h' \) -exec \
    grep -nHE '^ *# *include *"(parsers|engine|queries|cli|web|bench|tests)/' {} + |
    grep -vE "include *\"($2)" | sed "s|\$|: $1/ may not include this|" || :
}

{
  includes parsers 'parsers/'
  includes engine 'engine/|parsers/'
  includes queries 'queries/|engine/|parsers/(record_batch|absl_bridge|status_macros|nearest)\.h"'
  includes cli 'cli/|queries/|engine/|parsers/'
  includes bench 'bench/|cli/|queries/|engine/|parsers/'

  # A file holds one idea.
  printf '%s\n' "$sources" | xargs wc -l |
    awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines; split it by ideas, at most 600 each" }'

  # Guards are named after the path, so that two never collide.
  printf '%s\n' "$sources" | grep '\.h$' | while IFS= read -r header; do
    guard=CIVLOG_$(printf '%s' "$header" | tr 'a-z/.-' 'A-Z___')_
    grep -qx "#ifndef $guard" "$header" || echo "$header: its guard is not $guard"
  done

  # Two types of one name are one type to the linker, which keeps either's code.
  # These folders share a namespace.
  find parsers engine queries cli -name '*.h' -exec grep -hoE '^(struct|class|enum class) [A-Za-z]+( final)?( : [^;]*)? \{' {} + |
    sed -E 's/^(struct|class|enum class) ([A-Za-z]+).*/\2/' | sort | uniq -d |
    sed 's/$/: several headers define a type of this name/'

  # What is to be done belongs to the issue tracker, not to the tree.
  printf '%s\n' "$sources" | xargs grep -nHE '\b(TODO|FIXME|XXX|HACK)\b' || :

  # The tree knows nothing of the machine that it was written on.
  printf '%s\n%s\n' "$sources" "$documents" | xargs grep -nHE '(^|[^A-Za-z0-9_.])/(work|root)/' |
    grep -v '^tests/house/' || :

  # Links between documents lead somewhere.
  printf '%s\n' "$documents" | while IFS= read -r document; do
    grep -oE '\]\([^)# ]+' "$document" | cut -c3- | grep -vE '^[a-z]+:' | while IFS= read -r link; do
      [ -e "$(dirname "$document")/$link" ] || echo "$document: no such file: $link"
    done
  done
} >"$found"

if [ -s "$found" ]; then
  cat "$found"
  exit 1
fi
