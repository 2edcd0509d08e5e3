#!/bin/sh
# Installs what building and testing need and is missing: Debian packages and the engine.
# Changes nothing when all is there. Without root or sudo it prints the line to run and stops.
set -eu
cd "$(dirname "$0")/.."

missing=""
installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' 2>/dev/null | sed 's/ii \{1,2\}/ /g') "
while read -r package command; do
  case $package in '' | '#'*) continue ;; esac
  if [ -n "$command" ] && command -v "$command" >/dev/null 2>&1; then continue; fi
  case $installed in *" $package "*) ;; *) missing="$missing $package" ;; esac
done < tools/packages.txt

if [ -n "$missing" ]; then
  install="DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ]; then as_root=""
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root="sudo"
  else
    echo "Packages are missing. As root run this line, then try again:" >&2
    echo "  apt-get update && $install" >&2
    exit 1
  fi
  echo "installing:$missing"
  $as_root apt-get update -q
  $as_root env $install
fi

tools/get-duckdb.sh "${TARN_DUCKDB_DIR:-.deps/duckdb}"
tools/get-explorer.sh .deps/swagger-ui
