#!/bin/sh
# unit_test.sh UNIT.in PROGRAM: systemd finds nothing wrong with the service. 77: it is not
# here.
set -eu
command -v systemd-analyze >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$2" "$folder/bin/civlog"
sed "s|@CMAKE_INSTALL_FULL_BINDIR@|$folder/bin|g" "$1" >"$folder/civlog-ingest.service"
if grep -n '@[A-Z_]*@' "$folder/civlog-ingest.service"; then
  echo 'something was not filled in'
  exit 1
fi
said=$(systemd-analyze verify --man=no "$folder/civlog-ingest.service" 2>&1) || {
  printf '%s\n' "$said"
  exit 1
}
said=$(printf '%s\n' "$said" | grep -F "$folder" || :)
if [ -n "$said" ]; then
  printf '%s\n' "$said"
  exit 1
fi
# How exposed it is, of 10.
said=$(systemd-analyze security --offline=true --threshold=20 "$folder/civlog-ingest.service") || {
  printf "%s\n" "$said"
  exit 1
}
