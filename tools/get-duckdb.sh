#!/bin/sh
# Fetches the engine through package clients: tools/get-duckdb.sh DEST
# leaves DEST/include, DEST/lib/libduckdb.so and DEST/ext/v1.5.5/linux_amd64/*.duckdb_extension.
# Versions are pinned and checksums verified. Library, headers and extensions must move together.
set -eu
stamp="duckdb 1.5.5: library, headers; postgres sqlite tpcds tpch"
dest=$1
[ "$(cat "$dest/stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0
[ "$(uname -m)" = x86_64 ] || { echo "the engine is fetched for x86_64 only, this machine is $(uname -m)" >&2; exit 1; }
# Our own virtual environment or a distribution's Python, whichever has pip.
python=python3
"$python" -m pip --version >/dev/null 2>&1 || python=/usr/bin/python3

echo "fetching the engine (DuckDB 1.5.5)"
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
work=$(mktemp -d "$dest/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch() { "$python" -m pip download -q --disable-pip-version-check --no-deps "$@"; }

npm pack --silent @duckdb/node-bindings-linux-x64@1.5.5-r.5 >/dev/null
tar xzf duckdb-node-bindings-*.tgz package/libduckdb.so
echo "fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405  package/libduckdb.so" | sha256sum -c --quiet

fetch --no-binary=duckdb -d source duckdb==1.5.5
echo "72f33ee57ca7595b23957671a2cc7f7fe2be0ecc2d68f63abedcfcaa3a5c1238  source/duckdb-1.5.5.tar.gz" | sha256sum -c --quiet
tar xzf source/duckdb-1.5.5.tar.gz duckdb-1.5.5/external/duckdb/src/include

# Extensions carry DuckDB's own signature, which the engine checks on load.
mkdir -p ext/v1.5.5/linux_amd64 lib
for name in postgres-scanner sqlite-scanner tpcds tpch; do
  fetch --only-binary=:all: -d wheels "duckdb-extension-$name==1.5.5"
done
for wheel in wheels/*.whl; do unzip -qojd ext/v1.5.5/linux_amd64 "$wheel" '*.duckdb_extension'; done

mv package/libduckdb.so lib/
rm -rf "$dest/include" "$dest/lib" "$dest/ext"
mv duckdb-1.5.5/external/duckdb/src/include "$dest/include"
mv lib "$dest/lib"
mv ext "$dest/ext"
echo "$stamp" > "$dest/stamp"
