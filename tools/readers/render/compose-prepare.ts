import type { ComposeSecret } from "./compose-secrets";

/** The script that makes everything the Compose file refers to and does not contain. */
export function prepareScript(secrets: readonly ComposeSecret[], volumes: readonly string[]): string {
  // What is made each time is made of the others.
  const ordered = [...secrets].sort((a, b) => Number(a.files.length === 0) - Number(b.files.length === 0));
  return `#!/bin/sh
# Makes the secrets and volumes that compose.yaml refers to and does not contain. What is there is kept; to make a secret
# anew, delete its file, run this again, and restart who reads it: docker compose up -d --force-recreate SERVICE
set -eu
cd "$(dirname "$0")"
command -v openssl >/dev/null || { echo "prepare.sh needs openssl" >&2; exit 1; }
# The folder keeps other users of this host out. The files are readable: each container has a user of its own.
umask 077
mkdir -p secrets

missing() {
  for file in "$@"; do [ -s "$file" ] || return 0; done
  return 1
}
# Writes its input to FILE, or says which VARIABLE was empty.
keep() {
  cat >"$1.part"
  if [ ! -s "$1.part" ]; then
    rm "$1.part"
    echo "$1 would be empty\${2:+: set $2 to its value and run prepare.sh again}" >&2
    exit 1
  fi
  chmod 0444 "$1.part"
  mv -f "$1.part" "$1"
}

${ordered.flatMap(commands).join("\n")}
${volumes.map((volume) => `docker volume create ${volume} >/dev/null\n`).join("")}`;
}

function commands({ files, how }: ComposeSecret): string[] {
  if (how.length === 0) return [];
  if (files.length === 0) return [...how];
  return [`if missing ${files.join(" ")}; then`, ...how.map((line) => `  ${line}`), "fi"];
}
