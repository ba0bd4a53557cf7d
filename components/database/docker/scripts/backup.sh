#!/usr/bin/env bash
# Backups of one PostgreSQL by pgBackRest, on this host and, where a bucket is named, in it. Without a verb: what the
# container does all day. With one, by docker exec:
#   now                      a base backup, and the uploads and keys
#   status                   what there is, as JSON
#   drill                    restores the newest backup beside the live database and compares; result as JSON
#   restore TIME [look]      a copy as of TIME, compared, then in the live one's place; `look`: beside it
#   swap NAME                the database NAME in the live one's place
#   files TIME               uploads and keys as of TIME, as a tar on standard output
#   adopt                    goes on with a repository that another database server began
#   healthy                  the container's health check
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/library.sh"
. "$here/files.sh"
. "$here/restore.sh"
umask 077
mkdir -p /tmp/pgbackrest

# A week is the longest chain that a restore replays.
kind() {
  local newest
  newest=$(listed "$1" | awk '$2 == "full" { stop = $4 } END { print stop + 0 }')
  if [ $(($(now) - newest)) -gt $((7 * 86400 - 3600)) ]; then say full; else say incr; fi
}

backup() {
  local repository failed=0
  for repository in $(repositories); do
    if rest backup --repo="$repository" --type="$(kind "$repository")"; then
      say "base backup to $(where "$repository"): $(listed "$repository" | tail -n 1 | cut -d ' ' -f 1)"
    else
      failed=1
      printf 'the base backup to %s failed; those before it are kept\n' "$(where "$repository")" >&2
    fi
  done
  files_full || failed=1
  return $failed
}

# The server leaves each finished segment of its log in the spool; it goes from there once every repository has it.
push() {
  local segment
  for segment in "$spool"/[0-9A-F]*; do
    [ -e "$segment" ] || continue
    rest archive-push "$segment" || return 1
    say "${segment##*/}" >/tmp/pushed.new
    mv /tmp/pushed.new /tmp/pushed
    rm "$segment"
  done
  now >/tmp/pushed-at
}

pushing() {
  while sleep 1; do
    sign_in
    if push; then
      # What was given up can be restored again from the next base backup on.
      if [ -e "$gap" ] && [ ! -e /tmp/closing ]; then
        touch /tmp/closing
        close_gap &
      fi
    elif disk_is_full; then
      printf 'the disk is full: the log that waited is given up, or the database would stop. No second since then can be restored until the next base backup\n' >&2
      [ -e "$gap" ] || touch "$gap"
      find "$spool" -name '[0-9A-F]*' -delete
    else
      printf 'the log could not be archived; it waits in the spool, and is tried again\n' >&2
      sleep 10
    fi
  done
}

# Less than a twentieth, and less than 1 GiB, is left of the disk that the log waits on, which is mostly that of the data.
disk_is_full() {
  local free size block limit
  read -r free size block < <(stat --file-system --format='%a %b %S' "$spool") || return 1
  limit=$((size / 20 * block))
  [ "$limit" -lt $((1024 * mebibyte)) ] || limit=$((1024 * mebibyte))
  [ "$limit" -gt $((64 * mebibyte)) ] || limit=$((64 * mebibyte))
  [ $((free * block)) -lt "$limit" ]
}

close_gap() {
  local segment
  trap 'rm -f /tmp/closing' EXIT
  # A backup asks for the segment before the one that it begins in, which may be among those given up.
  live -d slipway -c "insert into marker (id) values ('gap-$(now)-$RANDOM')"
  segment=$(live -c 'select pg_walfile_name(pg_switch_wal())')
  if until_archived "$segment" 120 && backup; then rm "$gap"; fi
}

# Uploads change on their own: what is new goes with the same recovery point as the database.
copying() {
  while sleep "$RECOVERY_POINT_SECONDS"; do
    sign_in
    files_changed || printf 'uploads could not be copied; they are tried again\n' >&2
  done
}

scheduled() {
  local next last_drill
  while :; do
    next=$(date -u -d "today $BACKUP_AT" +%s)
    [ "$next" -gt "$(now)" ] || next=$((next + 86400))
    sleep $((next - $(now)))
    sign_in
    backup || true
    last_drill=$(last_drill_at)
    [ $(($(now) - last_drill)) -lt $((DRILL_EVERY_DAYS * 86400 - 3600)) ] || (drill) || true
  done
}

metrics() {
  while :; do
    write_metrics 2>/dev/null || true
    sleep 15
  done
}

write_metrics() {
  sign_in
  local repository oldest
  {
    say "# TYPE slipway_backup_last_base_timestamp_seconds gauge"
    for repository in $(repositories); do
      say "slipway_backup_last_base_timestamp_seconds{repository=\"$repository\"} $(listed "$repository" | awk '$5 == 0 { stop = $4 } END { print stop + 0 }')"
    done
    # Of the oldest part of the log that no repository has: what the host's loss would cost now.
    oldest=$(find "$spool" "$gap" -name '[0-9A-Fg]*' -type f -printf '%T@\n' 2>/dev/null | sort -n | head -n 1 | cut -d . -f 1)
    say "# TYPE slipway_backup_archive_waiting_seconds gauge"
    say "slipway_backup_archive_waiting_seconds $(($(now) - ${oldest:-$(now)}))"
    # So that a new stack has the time of a drill until the first is late.
    say "# TYPE slipway_backup_started_timestamp_seconds gauge"
    say "slipway_backup_started_timestamp_seconds $(stat --format=%Y "$backups/archive" 2>/dev/null || now)"
    say "# TYPE slipway_backup_last_restored_timestamp_seconds gauge"
    say "slipway_backup_last_restored_timestamp_seconds $(last_drill_at)"
  } >/tmp/metrics.new
  mv /tmp/metrics.new /tmp/metrics
}

status() {
  local repository
  {
    for repository in $(repositories); do
      say "repository $repository $(where "$repository")"
      listed "$repository" | sed "s/^/backup $repository /"
    done
    say "pushed $(cat /tmp/pushed-at 2>/dev/null || say 0)"
    say "waiting $(find "$spool" -name '[0-9A-F]*' 2>/dev/null | wc -l)"
    say "drill $(tail -n 1 "$scratch/drills.jsonl" 2>/dev/null || say '{}')"
    say "restored $(last_drill_at)"
  } | perl -MJSON::PP -ne '
    BEGIN { $out = { repositories => [] } }
    sub at { my @t = gmtime shift; sprintf "%04d-%02d-%02dT%02d:%02d:%02dZ", $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0] }
    chomp;
    if (/^repository \d (.*)/) { push @{ $out->{repositories} }, { where => $1, backups => [] } }
    elsif (/^backup \d (\S+) (\S+) (\d+) (\d+) (\d)/) {
      push @{ $out->{repositories}[-1]{backups} }, { label => $1, type => $2, from => at($3), at => at($4) };
    }
    elsif (/^pushed (\d+)/) { $out->{archivedAt} = at($1) if $1 }
    elsif (/^waiting (\d+)/) { $out->{segmentsWaiting} = $1 + 0 }
    elsif (/^drill (.*)/) { my $drill = decode_json($1); $out->{lastDrill} = $drill if %$drill }
    elsif (/^restored (\d+)/) { $out->{lastRestoredBackup} = at($1) if $1 }
    END { print JSON::PP->new->canonical->encode($out), "\n" }'
}

# The log is being archived, and no repository is without a recent base backup.
healthy() {
  local repository newest
  [ $(($(now) - $(cat /tmp/pushed-at))) -lt 300 ] || fail "no log was archived for 5 minutes"
  for repository in $(repositories); do
    newest=$(listed "$repository" | awk '$5 == 0 { stop = $4 } END { print stop + 0 }')
    # A day, and two hours for a slow one.
    [ $(($(now) - newest)) -lt 93600 ] || fail "the newest base backup on $(where "$repository") is older than 26 hours"
  done
}

run() {
  local repository
  command -v pgbackrest >/dev/null || fail "the image has no pgbackrest"
  until live -c 'select 1' >/dev/null 2>&1; do sleep 1; sign_in; done
  live -d postgres -c "select 1 from pg_database where datname = 'slipway'" | grep -q 1 ||
    live -d postgres -c 'create database slipway'
  live -d slipway -c 'create table if not exists marker (id text primary key, at timestamptz not null default clock_timestamp())'
  # It stays, so that it can be asked to adopt the repository, and to restore from it.
  until rest stanza-create; do
    printf 'error: the repository belongs to another database server, or cannot be opened: backup.sh adopt, docs/backups.md#another-host\n' >&2
    sleep 15
    sign_in
  done
  perl "$here/metrics.pl" /tmp/metrics 9187 &
  metrics &
  pushing &
  copying &
  # A new database gets its tables a moment later: a base backup of nothing would count as the first day's.
  for _ in {1..36}; do
    [ "$(live -c 'select count(*) from pg_stat_user_tables')" = 0 ] || break
    sleep 5
  done
  for repository in $(repositories); do
    [ -n "$(listed "$repository")" ] || { backup || printf 'the first backup failed; the next try is at %s\n' "$BACKUP_AT" >&2; break; }
  done
  scheduled
}

sign_in
case ${1:-run} in
  run)
    trap 'exit 0' TERM INT
    run &
    wait $!
    ;;
  now) backup ;;
  adopt) rest stanza-upgrade ;;
  status | healthy | drill | drilled) "$1" ;;
  restore) restore "${2:?a time}" "${3:-}" ;;
  swap) swap "${2:?a database}" ;;
  files) files_at "${2:?a time}" ;;
  *) fail "no verb $1" ;;
esac
