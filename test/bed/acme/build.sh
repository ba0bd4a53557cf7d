#!/usr/bin/env bash
# Builds Pebble, Let's Encrypt's certificate authority for tests, a Go module pinned in go.mod beside this file.
#
# Usage: test/bed/acme/build.sh
#   SLIPWAY_BED   folder for the results (default: ~/.cache/slipway-bed)
# Prints the path of the binary. The first build takes a minute.
# Exit status: 0 it is there, 1 the build failed, 3 Go is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${SLIPWAY_BED:-$HOME/.cache/slipway-bed}/acme
stamp=$folder/.$(sha256sum "$here/go.mod" | cut -c1-12)

if ! [ -e "$stamp" ]; then
  type -P go >/dev/null || { echo "build.sh: Go is missing: Pebble is built from a Go module" >&2; exit 3; }
  cd "$here"
  mkdir -p "$folder"
  CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -o "$folder/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble >&2
  rm -f "$folder"/.[0-9a-f]*
  : >"$stamp"
fi
echo "$folder/pebble"
