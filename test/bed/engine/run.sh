#!/usr/bin/env bash
# Runs a command with a Docker engine of its own, in a network of its own: for suites that restart the daemon or fill its disks,
# which nobody else on the machine should notice. The images that suites on one host need are copied out of the machine's engine.
#
# Usage: test/bed/engine/run.sh COMMAND...
#   SLIPWAY_BED_PREFIX         repository prefix of the images (default: slipway-bed)
#   SLIPWAY_TEST_APP_IMAGE     image of the application (default: slipway-app:e2e)
# The command sees the engine as DOCKER_HOST, its published ports at 10.255.254.1, and in SLIPWAY_TEST_ENGINE the file with the daemon's process id: a daemon that
# ends is started again. Containers outlive it (live-restore). Nothing outside of this machine can be reached.
# Needs: root, dockerd, ip, and a running Docker engine with the images. Exit status: the command's; 3 something is missing.
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "run.sh: root only" >&2; exit 3; }
for program in dockerd ip nsenter; do
  type -P "$program" >/dev/null || { echo "run.sh: $program is missing" >&2; exit 3; }
done
docker=/usr/bin/docker
[ -x "$docker" ] || docker=docker
prefix=${SLIPWAY_BED_PREFIX:-slipway-bed}
app=${SLIPWAY_TEST_APP_IMAGE:-slipway-app:e2e}
folder=$(mktemp -d /var/tmp/slipway-engine.XXXXXX)
space=$(basename "$folder" | tr . -)
socket=$folder/docker.sock
supervisor=

cleanup() {
  local ids
  ids=$("$docker" -H "unix://$socket" ps -aq 2>/dev/null || true)
  # shellcheck disable=SC2086
  if [ -n "$ids" ]; then "$docker" -H "unix://$socket" rm --force --volumes $ids >/dev/null 2>&1 || true; fi
  : >"$folder/stop"
  if [ -e "$folder/docker.pid" ]; then kill "$(cat "$folder/docker.pid")" 2>/dev/null || true; fi
  if [ -n "$supervisor" ]; then wait "$supervisor" 2>/dev/null || true; fi
  ip netns delete "$space" 2>/dev/null || true
  grep -o " $folder[^ ]*" /proc/self/mounts | sort -r | xargs -r umount -l 2>/dev/null || true
  rm -rf --one-file-system "$folder"
}
trap cleanup EXIT

ip netns add "$space"
inside() { nsenter --net="/run/netns/$space" "$@"; }
inside ip link set lo up
# An address that is not the loopback's is reached by the kernel's rules alone, as from another machine: the daemon's own
# proxy for the loopback goes with it.
inside ip address add 10.255.254.1/32 dev lo

serve() {
  while [ ! -e "$folder/stop" ]; do
    # An own cgroup, as the machine's engine uses the default one.
    inside dockerd --host "unix://$socket" --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/docker.pid" \
      --live-restore --storage-driver overlay2 --cgroup-parent "/$space" >>"$folder/log" 2>&1 || true
    sleep 0.2
  done
}
serve &
supervisor=$!

engine() { "$docker" -H "unix://$socket" "$@"; }
for ((i = 0; i < 150; i++)); do
  if engine info >/dev/null 2>&1; then break; fi
  sleep 0.2
done
engine info >/dev/null || { tail -n 20 "$folder/log" >&2; exit 3; }

mapfile -t images < <("$docker" images --format '{{.Repository}}:{{.Tag}}' | grep -E "^$prefix/(node|postgres|valkey|nginx|haproxy|prometheus|alertmanager):latest$")
"$docker" save "${images[@]}" "$app" | engine load >/dev/null

DOCKER_HOST=unix://$socket SLIPWAY_TEST_ENGINE=$folder/docker.pid SLIPWAY_TEST_APP_IMAGE=$app inside "$@"
