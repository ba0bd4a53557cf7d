import { secretPath } from "../../shared/docker-container";

const file = secretPath("password", "value");
const isSet = "/tmp/password-is-set";

/**
 * Starts PostgreSQL by its image's own entrypoint, with the arguments that follow, and beside it what tells the server its
 * password: PostgreSQL keeps that in its data and never looks at the file again. So a volume from before takes the
 * password of the stack that finds it, and a rotated one counts within a second. The way is the socket inside of the
 * container, which asks for none.
 *
 * Not a child of PostgreSQL, which would take its end for a crash of its own. Compared without a process, since it is done
 * several times a second; the statement is written to no log, whatever happens to it.
 */
export const servingScript = `tell() {
  psql -XqAt -v ON_ERROR_STOP=1 -h /var/run/postgresql -U "$POSTGRES_USER" -d postgres >/dev/null 2>/tmp/password-errors <<'SQL'
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
\\set password \`cat ${file}\`
alter role current_user password :'password';
SQL
}
watch() {
  exec 9<> <(:)
  local now told= complained= pause
  complain() {
    if [ "$1" != "$complained" ]; then echo "$1" >&2; fi
    # Each try is a line in the server's log, and only a person can change this.
    complained=$1 pause=5
  }
  while :; do
    now= pause=0.3
    { read -r now <${file}; } 2>/dev/null || true
    if [ -z "$now" ]; then
      complain 'no password in ${file}: pulumi up --replace "**-database-secrets-writer" puts it there'
    elif [ "$now" != "$told" ]; then
      if tell; then
        told=$now complained=
        : >${isSet}
      elif grep -qE 'authentication failed|pg_hba.conf|permission denied' /tmp/password-errors; then
        complain 'the server does not take its password from this container: it has to be the one in its data'
        : >${isSet}
      elif grep -qE '(role|database) .* does not exist' /tmp/password-errors; then
        complain "the data in this volume is of another database: it has no role $POSTGRES_USER, or no database postgres"
      fi
    fi
    read -rt "$pause" -u 9 || true
  done
}
rm -f ${isSet}
(watch &)
exec docker-entrypoint.sh postgres "$@"`;

/** Over TCP: the server that runs during initialisation listens on the socket alone. And with the stack's password. */
export const healthTest = (user: string, database: string): string =>
  `test -e ${isSet} && pg_isready -q -h 127.0.0.1 -U ${user} -d ${database}`;
