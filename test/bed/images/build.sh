#!/usr/bin/env bash
# Builds the stand-in images that the end-to-end tests run: Debian bases, and on them PostgreSQL, Valkey, nginx,
# PgBouncer, Prometheus, Alertmanager, exporters, certbot and Node, each keeping the contract of the public image it stands in for as far
# as a deployment relies on it. For machines that have Debian's packages and npm but cannot pull images.
#
# Usage: test/bed/images/build.sh [IMAGE...]      (no name: all of them)
# Needs: root, debootstrap, a running Docker engine, a Docker client that can build with BuildKit, and npm (for node).
# One line is printed per image. An image whose files have not changed is left as it is.
#   SLIPWAY_BED_MIRROR   Debian mirror to use (default: the first one in this machine's own apt sources)
#   SLIPWAY_BED_PREFIX   repository prefix of the images (default: slipway-bed)
#   DOCKER               Docker client to use (default: the first on PATH, or in /usr/bin, that can build with BuildKit)
# Exit status: 0 all images are there, 1 a build failed, 2 wrong usage, 3 something this needs is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=${SLIPWAY_BED_PREFIX:-slipway-bed}
bases="debian-12 debian-13"
services="postgres valkey nginx haproxy pgbouncer prometheus alertmanager node-exporter nginx-exporter blackbox-exporter certbot node"
scratch=

say() { printf '%s\n' "$*"; }
lack() { printf 'build.sh: %s\n' "$*" >&2; exit 3; }
cleanup() { if [ -n "$scratch" ]; then rm -rf --one-file-system "$scratch"; fi; }
trap cleanup EXIT

# --- what the machine offers ---------------------------------------------------------------------------------------

find_docker() {
  local candidate major
  while read -r candidate; do
    [ -x "$candidate" ] || continue
    if "$candidate" buildx version >/dev/null 2>&1; then printf '%s\n' "$candidate"; return; fi
    # Clients before 23 carry BuildKit's client themselves; later ones need the buildx plugin.
    major=$("$candidate" --version 2>/dev/null | sed -n 's/^Docker version \([0-9]*\)\..*/\1/p')
    if [ -n "$major" ] && [ "$major" -lt 23 ]; then printf '%s\n' "$candidate"; return; fi
  done < <(if [ -n "${DOCKER:-}" ]; then type -P "$DOCKER"; else type -aP docker; echo /usr/bin/docker; fi)
}

# The first Debian mirror in apt's sources, in the one-line or the deb822 form.
find_mirror() {
  if [ -n "${SLIPWAY_BED_MIRROR:-}" ]; then printf '%s\n' "${SLIPWAY_BED_MIRROR%/}"; return; fi
  local files=()
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [ -r "$file" ]; then files+=("$file"); fi
  done
  [ ${#files[@]} -gt 0 ] || return 0
  sed -nE -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]*)?([a-z+]+:[^[:space:]]+).*/\2/p' \
    -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' "${files[@]}" |
    sed -E 's/^mirror\+(http|https):/\1:/; s,/$,,' | grep -E '^https?:.*/debian$' | sed -n 1p || true
}

# --- images --------------------------------------------------------------------------------------------------------

image_exists() { "$docker" image inspect "$1" >/dev/null 2>&1; }
image_id() { "$docker" image inspect --format '{{.Id}}' "$1"; }

# Hash of a folder (names, modes and contents), and of every further argument.
content_hash() {
  local folder=$1; shift
  { printf '%s\n' "$@"
    (cd "$folder" && find . -type f -printf '%P %m\n' | LC_ALL=C sort && find . -type f -print0 | LC_ALL=C sort -z |
      xargs -0 -r sha256sum); } | sha256sum | cut -c1-12
}

# Earlier builds of an image go, unless a container still uses them.
drop_older() {
  local repository=$1 keep=$2 tag
  for tag in $("$docker" image ls --format '{{.Tag}}' "$repository" | grep -E '^h[0-9a-f]{12}$' || true); do
    if [ "$tag" != "$keep" ]; then "$docker" image rm "$repository:$tag" >/dev/null 2>&1 || true; fi
  done
}

build_base() {
  local release=$1 suite tag root mirror
  case $release in 12) suite=bookworm ;; 13) suite=trixie ;; esac
  tag="$prefix/debian:$release"
  if image_exists "$tag"; then say "$tag: up to date"; return; fi
  type -P debootstrap >/dev/null || lack "debootstrap is missing: apt-get install debootstrap"
  mirror=$(find_mirror)
  [ -n "$mirror" ] || lack "no Debian mirror in this machine's apt sources: set SLIPWAY_BED_MIRROR"
  root=$scratch/debian-$release
  mkdir "$root"
  if ! debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$scratch/log" 2>&1; then
    tail -n 20 "$scratch/log" >&2
    say "$tag: FAILED"
    return 1
  fi
  printf 'deb %s %s main\ndeb %s %s-updates main\n' "$mirror" "$suite" "$mirror" "$suite" >"$root/etc/apt/sources.list"
  # What Debian's own container images do: no services started, no documentation kept, no package lists.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 0755 "$root/usr/sbin/policy-rc.d"
  printf 'path-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\npath-exclude /usr/share/info/*\n' \
    >"$root/etc/dpkg/dpkg.cfg.d/docker"
  printf 'Acquire::Languages "none";\nAPT::Install-Recommends "false";\nDpkg::Use-Pty "0";\n' \
    >"$root/etc/apt/apt.conf.d/docker"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log \
    "$root"/usr/share/doc/* "$root"/usr/share/man/*
  : >"$root/etc/machine-id"
  rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
  tar -C "$root" --numeric-owner --one-file-system -c . |
    "$docker" import -c 'CMD ["bash"]' -c "LABEL org.slipway.bed=debian-$release" - "$tag" >/dev/null
  rm -rf --one-file-system "$root"
  say "$tag: built"
}

# Node itself, npm and corepack are npm packages; npm on this machine knows how to reach its registry.
node_files() {
  local into=$1
  type -P npm >/dev/null || lack "npm is missing"
  mkdir -p "$into/lib"
  # The package "node" only chooses the one with the binary for this platform, in an install script.
  (cd "$scratch" && npm install --global --prefix "$into" --ignore-scripts=false --no-fund --no-audit \
    --loglevel=error node@24 npm@11 corepack@latest) >"$scratch/log" 2>&1 || return 1
  local binary
  binary=$(find "$into/lib/node_modules/node/" -path '*/bin/node' -type f -size +1M | sed -n 1p)
  [ -n "$binary" ] || return 1
  rm -f "$into/bin/node"
  mv "$binary" "$into/bin/node"
  rm -rf "$into/lib/node_modules/node"
}

build_service() {
  local name=$1 base context repository hash
  base=$prefix/debian:13
  if [ "$name" = node ]; then base=$prefix/debian:12; fi
  context=$here/$name
  repository=$prefix/$name
  hash=h$(content_hash "$context" "$(image_id "$base")")
  if image_exists "$repository:$hash"; then
    "$docker" tag "$repository:$hash" "$repository:latest"
    say "$repository: up to date ($hash)"
    return
  fi
  if [ "$name" = node ]; then
    context=$scratch/node
    mkdir "$context"
    cp -R "$here/node/." "$context/"
    if ! node_files "$context/root"; then
      tail -n 20 "$scratch/log" >&2
      say "$repository: FAILED"
      return 1
    fi
  fi
  # A proxy named in the environment counts during the build only: Docker keeps these arguments out of the image.
  local arguments=(--build-arg "BASE=$base") variable
  for variable in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!variable:-}" ]; then arguments+=(--build-arg "$variable=${!variable}"); fi
  done
  if ! DOCKER_BUILDKIT=1 "$docker" build --progress=plain "${arguments[@]}" --label "org.slipway.bed=$name" \
    -t "$repository:$hash" "$context" >"$scratch/log" 2>&1; then
    tail -n 40 "$scratch/log" >&2
    say "$repository: FAILED"
    return 1
  fi
  "$docker" tag "$repository:$hash" "$repository:latest"
  drop_older "$repository" "$hash"
  say "$repository: built ($hash)"
}

# --- main ----------------------------------------------------------------------------------------------------------

wanted=${*:-$services}
for name in $wanted; do
  case " $bases $services " in
    *" $name "*) ;;
    *) printf 'build.sh: no image "%s" (there are: %s)\n' "$name" "$bases $services" >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || lack "run this as root: debootstrap needs it"
docker=$(find_docker)
[ -n "$docker" ] || lack "no Docker client that can build with BuildKit (docker.io's, or one with the buildx plugin)"
"$docker" info >/dev/null 2>&1 || lack "no Docker engine answers $docker"
scratch=$(mktemp -d)

for name in $wanted; do
  case $name in
    debian-*) build_base "${name#debian-}" ;;
    node) build_base 12; build_service node ;;
    *) if ! image_exists "$prefix/debian:13"; then build_base 13; fi; build_service "$name" ;;
  esac
done
