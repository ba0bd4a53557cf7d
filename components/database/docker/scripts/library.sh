# What the scripts of the backup container share. No secret is in the environment of the container: each call reads the
# files again, as a password or a key may have changed since.
stanza=main
spool=/var/lib/postgresql/pgbackrest-spool
scratch=/var/lib/slipway/scratch
backups=/var/lib/slipway/backups
# There while a part of the log is in no repository, and no base backup is younger.
gap=$scratch/gap
mebibyte=$((1024 * 1024))
tables_ignored="'pg_catalog', 'information_schema'"

say() { printf '%s\n' "$*"; }
# For the person who reads the end of a log: what is wrong, and what to do.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
secret() { cat "/run/secrets/$1/value"; }

sign_in() {
  export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=10 PGAPPNAME=slipway-backup PGTZ=UTC
  local new
  new=$(mktemp /tmp/pgpass.XXXXXX)
  printf '*:*:*:*:%s\n' "$(secret password | sed 's/[\\:]/\\&/g')" >"$new"
  mv "$new" "$PGPASSFILE"
  PGBACKREST_REPO1_CIPHER_PASS=$(secret backup-key)
  export PGBACKREST_REPO1_CIPHER_PASS
  if [ -n "${PGBACKREST_REPO2_TYPE:-}" ]; then
    PGBACKREST_REPO2_CIPHER_PASS=$PGBACKREST_REPO1_CIPHER_PASS
    PGBACKREST_REPO2_S3_KEY=$(secret backup-access-key-id)
    PGBACKREST_REPO2_S3_KEY_SECRET=$(secret backup-secret-access-key)
    export PGBACKREST_REPO2_CIPHER_PASS PGBACKREST_REPO2_S3_KEY PGBACKREST_REPO2_S3_KEY_SECRET
  fi
}

repositories() {
  say 1
  if [ -n "${PGBACKREST_REPO2_TYPE:-}" ]; then say 2; fi
}
# The one that survives the host, where there is one.
furthest() { repositories | tail -n 1; }
where() { if [ "$1" = 2 ]; then say "s3://$PGBACKREST_REPO2_S3_BUCKET"; else say "this host"; fi; }

rest() { pgbackrest --stanza=$stanza "$@"; }
live() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
# Of the server that a backup was restored into: on a socket in memory alone, so nobody else reaches it.
scratched() { psql -XAtq -v ON_ERROR_STOP=1 -h /tmp -p 5433 "$@"; }
now() { date -u +%s; }
utc() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# One line a backup, oldest first: label, type, start and stop in seconds, errors, and 1 where it is of another database
# server, whose repository was adopted. Argument: the repository.
listed() {
  rest info --repo="$1" --output=json | perl -MJSON::PP -0777 -ne '
    for my $stanza (@{ decode_json($_) }) {
      die "repository: $stanza->{status}{message}\n" if $stanza->{status}{code} == 99;
      my ($live) = sort { $b <=> $a } map { $_->{id} } @{ $stanza->{db} };
      print join(" ", $_->{label}, $_->{type}, @{ $_->{timestamp} }{qw(start stop)}, $_->{error} ? 1 : 0,
        $_->{database}{id} == $live ? 0 : 1), "\n"
        for @{ $stanza->{backup} };
    }'
}
