#!/usr/bin/env bash
# Builds Docker's Compose plugin, a Go module pinned in go.mod beside this file, for machines whose client has none.
#
# Usage: DOCKER_CONFIG=$(test/bed/docker/build.sh) docker compose version
#   SLIPWAY_BED   folder for the results (default: ~/.cache/slipway-bed)
# Prints the folder to give to the client as DOCKER_CONFIG. The first build takes two minutes.
# Exit status: 0 it is there, 1 the build failed, 3 Go is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
configuration=${SLIPWAY_BED:-$HOME/.cache/slipway-bed}/docker
plugins=$configuration/cli-plugins
stamp=$plugins/.$(sha256sum "$here/go.mod" | cut -c1-12)

if ! [ -e "$stamp" ]; then
  type -P go >/dev/null || { echo "build.sh: Go is missing: the Compose plugin is built from a Go module" >&2; exit 3; }
  cd "$here"
  version=$(go list -m -f '{{.Version}}' github.com/docker/compose/v2)
  mkdir -p "$plugins"
  CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" \
    -o "$plugins/docker-compose" github.com/docker/compose/v2/cmd >&2
  rm -f "$plugins"/.[0-9a-f]*
  : >"$stamp"
fi
echo "$configuration"
