#!/bin/sh
# With no configuration mounted, one is made from the environment as common public images do: DATABASE_URL, or DB_HOST,
# DB_PORT, DB_USER, DB_PASSWORD and DB_NAME; LISTEN_PORT, AUTH_TYPE, POOL_MODE, MAX_CLIENT_CONN, DEFAULT_POOL_SIZE.
set -e
umask 077
file=/etc/pgbouncer/pgbouncer.ini
if [ "${1:-}" = pgbouncer ] && [ "${2:-}" = "$file" ] && [ ! -e "$file" ]; then
  if [ -n "${DATABASE_URL:-}" ]; then
    rest=${DATABASE_URL#*://}
    case $rest in *@*) login=${rest%@*}; rest=${rest##*@} ;; *) login= ;; esac
    DB_NAME=${rest#*/}; DB_NAME=${DB_NAME%%\?*}
    address=${rest%%/*}
    DB_HOST=${address%%:*}
    case $address in *:*) DB_PORT=${address##*:} ;; esac
    DB_USER=${login%%:*}
    case $login in *:*) DB_PASSWORD=${login#*:} ;; esac
  fi
  if [ -z "${DB_HOST:-}" ]; then
    echo "$file is missing, and neither DATABASE_URL nor DB_HOST is set" >&2
    exit 1
  fi
  printf '"%s" "%s"\n' "${DB_USER:-postgres}" "${DB_PASSWORD:-}" >/etc/pgbouncer/userlist.txt
  cat >"$file" <<INI
[databases]
${DB_NAME:-*} = host=$DB_HOST port=${DB_PORT:-5432} auth_user=${DB_USER:-postgres}

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = ${LISTEN_PORT:-5432}
unix_socket_dir =
auth_file = /etc/pgbouncer/userlist.txt
auth_type = ${AUTH_TYPE:-scram-sha-256}
pool_mode = ${POOL_MODE:-session}
max_client_conn = ${MAX_CLIENT_CONN:-100}
default_pool_size = ${DEFAULT_POOL_SIZE:-20}
ignore_startup_parameters = ${IGNORE_STARTUP_PARAMETERS:-extra_float_digits}
INI
fi
exec "$@"
