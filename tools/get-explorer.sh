#!/bin/sh
# Fetches the page that shows the API (Swagger UI) through npm: tools/get-explorer.sh DEST
# leaves DEST/swagger-ui-bundle.js, DEST/swagger-ui.css and their licence. The version is pinned and its checksum verified.
set -eu
stamp="swagger-ui-dist 5.35.0"
dest=$1
[ "$(cat "$dest/stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0

echo "fetching the API explorer (Swagger UI 5.35.0)"
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
work=$(mktemp -d "$dest/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent swagger-ui-dist@5.35.0 >/dev/null
echo "1b8e891893404ea4c3558b6a87e2a3e494e7eedba41168c2ece5800a391a6ea6  swagger-ui-dist-5.35.0.tgz" | sha256sum -c --quiet
tar xzf swagger-ui-dist-5.35.0.tgz
mv package/swagger-ui-bundle.js package/swagger-ui.css package/LICENSE package/NOTICE "$dest/"
echo "$stamp" > "$dest/stamp"
