#!/bin/sh
# Makes a machine with Debian or Ubuntu ready for a stack of target docker. Run as root; run again, it changes nothing.
# Settings, from the command: DEPLOY_USER, FIREWALL (yes or no), HARDEN_SSH (yes or no), CALLER (who came by SSH).
# Each step prints one line: `ok` was so, `done` is so now.
set -eu
ok() { printf 'ok    %s\n' "$*"; }
did() { printf 'done  %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop "this needs root: ssh://root@…, or a user who may use sudo without a password"
. /etc/os-release
case "$ID:${ID_LIKE:-}" in
  debian:*|ubuntu:*|*:*debian*) ;;
  *) stop "$PRETTY_NAME is not known here: install Docker Engine 20.10 or newer yourself, https://docs.docker.com/engine/install/" ;;
esac
export DEBIAN_FRONTEND=noninteractive
fresh=
lists() { [ -n "$fresh" ] || { apt-get update -q >/dev/null; fresh=yes; }; }
install() {
  lists
  apt-get install -q -y --no-install-recommends "$@" >/dev/null
}
start() { if [ -d /run/systemd/system ]; then systemctl enable --quiet --now "$1"; else service "$1" start >/dev/null; fi; }
again() { if [ -d /run/systemd/system ]; then systemctl reload "$1"; else service "$1" reload >/dev/null; fi; }

# Running containers outlive a restart of the engine, such as for its update.
if [ -e /etc/docker/daemon.json ]; then ok "/etc/docker/daemon.json is left as it is"; else
  mkdir -p /etc/docker
  printf '{ "live-restore": true }\n' >/etc/docker/daemon.json
  did "/etc/docker/daemon.json: containers go on while the engine restarts"
fi

if command -v dockerd >/dev/null && command -v docker >/dev/null; then ok "Docker $(dockerd --version | sed 's/Docker version \([^,]*\),.*/\1/')"; else
  lists
  # Debian 13 has the client apart.
  install docker.io ca-certificates $(apt-cache show docker-cli >/dev/null 2>&1 && echo docker-cli)
  did "Docker $(dockerd --version | sed 's/Docker version \([^,]*\),.*/\1/'), the distribution's own"
fi
docker info >/dev/null 2>&1 || start docker
tries=0
until docker info >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 30 ] || stop "Docker does not start: journalctl -u docker"
  sleep 1
done
if docker buildx version >/dev/null 2>&1; then ok "buildx"; elif lists; apt-cache show docker-buildx >/dev/null 2>&1 && install docker-buildx; then did "buildx"; else
  ok "no buildx: $PRETTY_NAME has none, and only slipway:build needs it"
fi

if id "$DEPLOY_USER" >/dev/null 2>&1; then ok "user $DEPLOY_USER"; else
  useradd --create-home --shell /bin/sh "$DEPLOY_USER"
  did "user $DEPLOY_USER"
fi
if id -nG "$DEPLOY_USER" | tr ' ' '\n' | grep -qx docker || [ "$DEPLOY_USER" = root ]; then ok "$DEPLOY_USER may use Docker"; else
  usermod --append --groups docker "$DEPLOY_USER"
  did "$DEPLOY_USER may use Docker, which is as much as root may"
fi
home=$(getent passwd "$DEPLOY_USER" | cut -d: -f6)
keys=$(getent passwd "$CALLER" | cut -d: -f6)/.ssh/authorized_keys
if [ "$DEPLOY_USER" != "$CALLER" ]; then
  if [ ! -s "$keys" ]; then ok "$CALLER has no authorized_keys to give to $DEPLOY_USER: add yours to $home/.ssh/authorized_keys"; else
    mkdir -p "$home/.ssh"
    touch "$home/.ssh/authorized_keys"
    added=no
    while IFS= read -r key; do
      [ -z "$key" ] || grep -qxF -e "$key" "$home/.ssh/authorized_keys" || { printf '%s\n' "$key" >>"$home/.ssh/authorized_keys"; added=yes; }
    done <"$keys"
    chown -R "$DEPLOY_USER:" "$home/.ssh"
    chmod 0700 "$home/.ssh"
    chmod 0600 "$home/.ssh/authorized_keys"
    if [ $added = yes ]; then did "$DEPLOY_USER takes the keys of $CALLER"; else ok "$DEPLOY_USER takes the keys of $CALLER"; fi
  fi
fi

if dpkg -s unattended-upgrades >/dev/null 2>&1; then ok "security updates install themselves"; else
  install unattended-upgrades
  printf 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' >/etc/apt/apt.conf.d/20auto-upgrades
  did "security updates install themselves"
fi

sshd_port=$(sshd -T 2>/dev/null | sed -n 's/^port //p' | head -n 1)
if [ "$FIREWALL" = yes ]; then
  command -v ufw >/dev/null || install ufw
  before=$(ufw status 2>/dev/null || true)
  # 443 over UDP is HTTP/3.
  for port in "${sshd_port:-22}/tcp" 80/tcp 443/tcp 443/udp; do ufw allow "$port" >/dev/null; done
  ufw --force enable >/dev/null
  if [ "$before" = "$(ufw status)" ]; then ok "firewall: SSH, 80 and 443"; else did "firewall: SSH, 80 and 443, nothing else"; fi
elif command -v ufw >/dev/null && ufw status | grep -q '^Status: active'; then
  for port in 80/tcp 443/tcp 443/udp; do ufw allow "$port" >/dev/null; done
  ok "firewall: 80 and 443 are open"
else
  ok "no firewall here: Docker publishes 80 and 443, and nothing else of a stack to others"
fi

if [ "$HARDEN_SSH" = yes ]; then
  [ -s "$keys" ] || stop "$CALLER has no authorized_keys: without passwords nobody would come in. Nothing of SSH was changed"
  file=/etc/ssh/sshd_config.d/00-slipway.conf
  wanted='PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxAuthTries 3
X11Forwarding no'
  if [ "$(cat "$file" 2>/dev/null)" = "$wanted" ]; then ok "SSH takes keys alone"; else
    grep -q '^Include /etc/ssh/sshd_config.d/' /etc/ssh/sshd_config || stop "/etc/ssh/sshd_config does not include sshd_config.d: nothing of SSH was changed"
    printf '%s\n' "$wanted" >"$file"
    if ! sshd -t; then rm -f "$file"; stop "sshd does not accept it: nothing of SSH was changed"; fi
    again ssh
    did "SSH takes keys alone"
  fi
fi
