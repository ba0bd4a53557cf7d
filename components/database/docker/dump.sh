#!/usr/bin/env bash
# Dumps the database into BACKUP_FOLDER once when it starts and then every day at BACKUP_AT (HH:MM, UTC), keeps dumps for BACKUP_KEEP_DAYS
# days, and counts a dump only once pg_restore has read all of it. `healthy` says whether the newest one is recent,
# `now` makes one.
set -euo pipefail

newest() { find "$BACKUP_FOLDER" -name '*.dump' -mmin "-$1" -print -quit; }

if [ "${1:-}" = healthy ]; then
  # A day, and two hours for a slow dump.
  [ -n "$(newest 1560)" ]
  exit
fi

# Before each use: the password may have changed since.
sign_in() {
  printf '*:*:*:*:%s\n' "$(</run/secrets/password/value)" >"$PGPASSFILE.new"
  chmod 600 "$PGPASSFILE.new"
  mv "$PGPASSFILE.new" "$PGPASSFILE"
}

dump() {
  local target
  sign_in
  target="$BACKUP_FOLDER/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ)"
  # What an interrupted one left would keep a full disk full.
  find "$BACKUP_FOLDER" -name '*.part' -delete
  pg_dump --format=custom --file="$target.part" && pg_restore --file=/dev/null "$target.part" || {
    rm -f "$target.part"
    return 1
  }
  mv "$target.part" "$target.dump"
  echo "dumped to $target.dump, $(stat --format=%s "$target.dump") bytes"
  # Only now: the old ones go when there is a new one.
  find "$BACKUP_FOLDER" -name '*.dump' -mtime "+$BACKUP_KEEP_DAYS" -delete
}

if [ "${1:-}" = now ]; then
  dump
  exit
fi

trap 'exit 0' TERM INT
sign_in
# A new database gets its tables a moment later: a dump of nothing would count as the first day's.
for _ in {1..36}; do
  [ "$(psql -Atc 'select count(*) from pg_stat_user_tables')" = 0 ] || break
  sleep 5 &
  wait $!
done
[ -n "$(newest 1440)" ] || dump || echo "the first dump failed; the next try is at $BACKUP_AT" >&2
while :; do
  now=$(date -u +%s)
  next=$(date -u -d "today $BACKUP_AT" +%s)
  [ "$next" -gt "$now" ] || next=$((next + 86400))
  sleep $((next - now)) &
  wait $!
  dump || echo "the dump failed; the one before is kept" >&2
done
