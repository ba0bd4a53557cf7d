# Restoring beside the live database: into a server of its own in the scratch volume, which nobody else reaches.

data=$scratch/data
stop_scratch() {
  if [ -f "$data/postmaster.pid" ]; then pg_ctl -D "$data" -m immediate -w stop >/dev/null 2>&1 || true; fi
  rm -rf --one-file-system "$data"
}

# start_scratch REPOSITORY PGBACKREST-OPTIONS...
start_scratch() {
  local repository=$1
  shift
  exec 9>"$scratch/lock"
  flock -n 9 || fail "another drill or restore goes on"
  trap stop_scratch EXIT
  stop_scratch
  enough_space
  mkdir "$data"
  rest restore --repo="$repository" --pg1-path="$data" --archive-mode=off "$@" ||
    fail "the backup on $(where "$repository") could not be restored: see above"
  # The log that it replays comes from the same repository.
  export PGBACKREST_REPO="$repository"
  local settings="-c listen_addresses='' -c unix_socket_directories=/tmp -c port=5433 -c shared_buffers=32MB"
  settings+=" -c hot_standby=off -c archive_mode=off -c max_wal_size=256MB -c logging_collector=off"
  pg_ctl -D "$data" -W -l "$scratch/server.log" -o "$settings" start >/dev/null || true
  # It lets nobody in before it has come to the point that was asked for.
  until scratched -d postgres -c 'select 1' >/dev/null 2>&1; do
    sleep 0.3
    if pg_ctl -D "$data" status >/dev/null; then continue; fi
    tail -n 15 "$scratch/server.log" >&2
    if grep -q 'before configured recovery target' "$scratch/server.log"; then
      if [ -n "${lost:-}" ]; then
        set -- --set="$lost" --type=default
        lost=
        say "the log of the lost server ends before that time: restored until its end, $(grep -o 'last completed transaction was at log time .*' "$scratch/server.log" | tail -n 1 | cut -d ' ' -f 8-)"
        start_scratch "$repository" "$@"
        return
      fi
      fail "stale: the archived log on $(where "$repository") ends before the point that was asked for"
    fi
    fail "the restored server did not start: see above"
  done
  unset PGBACKREST_REPO
}

enough_space() {
  local needed free
  needed=$(live -d postgres -c 'select sum(pg_database_size(oid)) from pg_database')
  free=$(($(stat --file-system --format='%a * %S' "$scratch")))
  [ "$free" -gt $((needed + needed / 5 + 256 * mebibyte)) ] ||
    fail "$((needed / mebibyte)) MiB are to be restored, and the disk has $((free / mebibyte)) MiB: nothing was done"
}

# A statement that gives one line a table: name, rows, and a sum over the rows that does not depend on their order.
sums_sql() {
  cat <<SQL
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from only %I.%I t',
  n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.relpersistence = 'p' and n.nspname not in ($tables_ignored)
  and n.nspname not like 'pg\\_toast%' and (c.relkind = 'r' or c.relispopulated)
order by 1
\\gexec
SQL
}
session="set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex'; set row_security = off;"
settled() { printf '%s\n' "$session"; }

# Waits until the log up to here is in every repository. Argument: seconds at most.
until_archived() {
  local wanted=$1 until=$(($(now) + $2)) pushed
  while :; do
    pushed=$(cut -c 1-24 /tmp/pushed 2>/dev/null || true)
    # Segments of one timeline are in the order of their names.
    if [ -n "$pushed" ] && [[ ! "$pushed" < "$wanted" ]]; then return 0; fi
    [ "$(now)" -lt "$until" ] || return 1
    sleep 0.2
  done
}

last_drill_at() {
  grep '"ok":true' "$scratch/drills.jsonl" 2>/dev/null | tail -n 1 | sed -E 's/.*"unix":([0-9]+).*/\1/' | grep . || say 0
}

# --- drill -------------------------------------------------------------------------------------------------------------

drill() {
  local started=$SECONDS at output code=0
  at=$(now)
  output=$(mktemp /tmp/drill.XXXXXX)
  # In a process of its own: whatever ends it, there is a result.
  { bash "$here/backup.sh" drilled 2>&1 >"$output" | tee "$output.errors" >&2; } || code=$?
  AT=$(utc "$at") UNIX=$at CODE=$code SECONDS_TAKEN=$((SECONDS - started)) WHERE=$(where "$(furthest)") \
    perl -MJSON::PP -e '
      my %result = (at => $ENV{AT}, unix => $ENV{UNIX} + 0, ok => $ENV{CODE} ? JSON::PP::false : JSON::PP::true,
        seconds => $ENV{SECONDS_TAKEN} + 0, where => $ENV{WHERE});
      local $/;
      open my $said, "<", "$ARGV[0]" or die; my $text = <$said>;
      open my $wrong, "<", "$ARGV[0].errors" or die; my $errors = <$wrong>;
      while ($text =~ /^= (\w+) (.*)$/mg) {
        my ($name, $value) = ($1, $2);
        $result{$name} = $value =~ /^\d+(\.\d+)?$/ ? $value + 0 : $value;
      }
      ($result{error}) = $errors =~ /^error: (.*)$/m or $result{error} = "see the log" if $ENV{CODE};
      print JSON::PP->new->canonical->encode(\%result), "\n"' "$output" >"$output.json"
  tail -n 99 "$scratch/drills.jsonl" >"$scratch/drills.new" 2>/dev/null || true
  cat "$output.json" >>"$scratch/drills.new"
  mv "$scratch/drills.new" "$scratch/drills.jsonl"
  cat "$output.json"
  rm -f "$output" "$output.errors" "$output.json"
  return "$code"
}

drilled() {
  local repository newest label id from segment pushed restored tables rows
  repository=$(furthest)
  newest=$(listed "$repository" | awk '$5 == 0' | tail -n 1) ||
    fail "$(where "$repository") cannot be read, or not with this key: see above"
  [ -n "$newest" ] || fail "empty: there is no base backup on $(where "$repository")"
  label=${newest%% *}
  say "= backup $label"
  [ $(($(now) - $(say "$newest" | cut -d ' ' -f 4))) -lt 93600 ] ||
    fail "stale: the newest base backup, $label, is older than 26 hours"

  # What is compared is one moment of the live database, and the log is replayed to exactly that moment: writers wait, for
  # milliseconds, while the moment is named. The snapshot outlives the locks.
  id=drill-$(date -u +%Y%m%dT%H%M%S)-$RANDOM
  live -d slipway -c "insert into marker (id) values ('$id')" -c "delete from marker where at < now() - interval '90 days'"
  from=$(date -u +%s.%N)
  moment "$id" || fail "no moment without a write that takes longer than a second was found in 20 tries"
  segment=$(cat "$scratch/segment")
  tables=$(wc -l <"$scratch/live.sums")
  until_archived "$segment" $((RECOVERY_POINT_SECONDS + 60)) ||
    fail "stale: what was written $((RECOVERY_POINT_SECONDS + 60)) s ago is archived nowhere"
  pushed=$(date -u +%s.%N)
  say "= recoveryPointSeconds $(perl -e "printf '%.1f', $pushed - $from")"

  restored=$(date -u +%s.%N)
  start_scratch "$repository" --set="$label" --type=name --target="$id" --target-action=promote
  say "= recoverySeconds $(perl -e "printf '%.1f', $(date -u +%s.%N) - $restored")"
  [ "$(scratched -d slipway -c "select count(*) from marker where id = '$id'")" = 1 ] ||
    fail "stale: the marker that was written before is not in the restored database"
  { settled; sums_sql; } | scratched -d "$PGDATABASE" >"$scratch/restored.sums"
  if [ "$tables" -gt 0 ] && [ ! -s "$scratch/restored.sums" ]; then fail "empty: none of $tables tables was restored"; fi
  rows=$(awk -F '|' '{ rows += $2 } END { print rows + 0 }' "$scratch/restored.sums")
  if ! diff "$scratch/live.sums" "$scratch/restored.sums" >"$scratch/difference"; then
    head -n 20 "$scratch/difference" | cut -d '|' -f 1,2 >&2
    fail "the restored tables differ from the live ones: see above"
  fi
  say "= tables $tables"
  say "= rows $rows"
}

# One transaction: all tables locked against writers, the point in the log named, the snapshot taken, the locks given back,
# the sums made.
moment() {
  local tables lock try
  tables=$(live -c "select string_agg(format('%I.%I', n.nspname, c.relname), ', ') from pg_class c join pg_namespace n
    on n.oid = c.relnamespace where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not in ($tables_ignored)")
  lock=${tables:+"lock table $tables in share mode;"}
  for try in {1..20}; do
    if {
      settled
      say "begin isolation level repeatable read; savepoint quiet; set local lock_timeout = '1s'; $lock"
      say "select pg_walfile_name(pg_create_restore_point('$1')) \\g $scratch/segment"
      say "rollback to savepoint quiet;"
      sums_sql
      say "commit;"
    } | live >"$scratch/live.sums" 2>"$scratch/moment.errors"; then return 0; fi
    grep -q 'lock timeout' "$scratch/moment.errors" || { cat "$scratch/moment.errors" >&2; return 1; }
    sleep 0.$((RANDOM % 9 + 1))
  done
  return 1
}

# --- restore -----------------------------------------------------------------------------------------------------------

restore() {
  local at copy segment repository lost
  at=$(date -u -d "$1" +%s.%N) || fail "$1 is no time: 2026-11-27T03:00:00Z"
  [ "${at%.*}" -le "$(now)" ] || fail "$1 has not come yet"
  repository=$(furthest)
  listed "$repository" | awk -v at="${at%.*}" '$5 == 0 && $4 <= at { found = 1 } END { exit !found }' ||
    fail "nothing from before $1 can be restored: the oldest base backup on $(where "$repository") ended at $(utc "$(listed "$repository" | awk 'NR == 1 { print $4 }')")"
  # So that the log goes beyond that time, and is archived to there.
  live -d slipway -c "insert into marker (id) values ('restore-$(date -u +%Y%m%dT%H%M%S)-$RANDOM')"
  segment=$(live -c 'select pg_walfile_name(pg_switch_wal())')
  say "archive: waiting for the log"
  until_archived "$segment" 120 || fail "the log is not archived: slipway status, and the log of this container"
  say "restore: from $(where "$repository")"
  # Nobody can say of a server that is lost that its log goes beyond that time.
  lost=$(listed "$repository" | awk -v at="${at%.*}" '$5 == 0 && $4 <= at { label = $6 ? $1 : "" } END { print label }')
  start_scratch "$repository" --type=time --target-action=promote \
    --target="$(date -u -d "@$at" '+%Y-%m-%d %H:%M:%S.%6N+00')"
  copy=${PGDATABASE}_restored_$(date -u -d "@${at%.*}" +%Y%m%d_%H%M%S)
  live -d postgres -c "set client_min_messages = error" -c "drop database if exists \"$copy\"" -c "create database \"$copy\" template template0"
  say "copy: into $copy, on the live server"
  if ! pg_dump -h /tmp -p 5433 --format=custom --compress=0 "$PGDATABASE" | pg_restore --exit-on-error --dbname="$copy"; then
    live -d postgres -c "drop database \"$copy\""
    fail "the copy failed and is gone; the live database is untouched"
  fi
  { settled; sums_sql; } | scratched -d "$PGDATABASE" >"$scratch/restored.sums"
  { settled; sums_sql; } | live -d "$copy" >"$scratch/copy.sums"
  if ! cmp -s "$scratch/restored.sums" "$scratch/copy.sums"; then
    live -d postgres -c "drop database \"$copy\""
    fail "the copy differs from what was restored, and is gone; the live database is untouched"
  fi
  { settled; sums_sql; } | live >"$scratch/live.sums"
  say "compared: rows now, and as of $1"
  join -t '|' -a 1 -a 2 -e - -o 0,1.2,2.2,1.3,2.3 "$scratch/live.sums" "$scratch/copy.sums" |
    awk -F '|' '{ print "= table " $1 " " $2 " " $3 " " ($4 == $5 ? "same" : "different") }'
  say "= copy $copy"
  stop_scratch
  if [ "${2:-}" = look ]; then return; fi
  swap "$copy"
}

# Two names change in one transaction: a client that connects gets the one or the other.
swap() {
  local other=$1 before
  [ "$other" != "$PGDATABASE" ] || fail "$other is the live database"
  [ -n "$(live -d postgres -c "select 1 from pg_database where datname = '$other'")" ] || fail "there is no database $other"
  before=${PGDATABASE}_before_$(date -u +%Y%m%d_%H%M%S)
  # Until then nobody may come in, or the name is taken.
  trap 'live -d postgres -c "alter database \"$PGDATABASE\" allow_connections true" 2>/dev/null' EXIT
  live -d postgres <<SQL
select pg_terminate_backend(pid) from pg_stat_activity where datname = '$other' \\g /dev/null
alter database "$PGDATABASE" allow_connections false;
select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '$PGDATABASE' \\g /dev/null
begin;
alter database "$PGDATABASE" rename to "$before";
alter database "$other" rename to "$PGDATABASE";
commit;
alter database "$before" allow_connections true;
SQL
  trap - EXIT
  say "= swapped $PGDATABASE"
  say "= before $before"
}
