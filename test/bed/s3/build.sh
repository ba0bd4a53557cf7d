#!/usr/bin/env bash
# Builds a server with an S3 API that keeps objects as files and checks signatures: Versity's gateway, a Go module pinned in
# go.mod beside this file. Backups are tested against it.
#
# Usage: test/bed/s3/build.sh
#   SLIPWAY_BED   folder for the results (default: ~/.cache/slipway-bed)
# Prints the path of the program, which needs no libraries. The first build takes two minutes.
# Exit status: 0 it is there, 1 the build failed, 3 Go is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${SLIPWAY_BED:-$HOME/.cache/slipway-bed}/s3
stamp=$folder/.$(sha256sum "$here/go.mod" | cut -c1-12)

if ! [ -e "$stamp" ]; then
  type -P go >/dev/null || { echo "build.sh: Go is missing: the S3 server is built from a Go module" >&2; exit 3; }
  mkdir -p "$folder"
  (cd "$here" && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags "-s -w" -o "$folder/versitygw" \
    github.com/versity/versitygw/cmd/versitygw >&2)
  rm -f "$folder"/.[0-9a-f]*
  : >"$stamp"
fi
echo "$folder/versitygw"
