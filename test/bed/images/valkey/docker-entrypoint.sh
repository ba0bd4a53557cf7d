#!/bin/sh
# As in the public image: options or a configuration file alone mean valkey-server, root steps down to the user
# valkey, and protected mode is off unless the configuration says something else.
set -e
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- valkey-server "$@"
fi
if [ "$1" = valkey-server ] || [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user valkey -exec chown valkey '{}' +
    exec gosu valkey "$0" "$@"
  fi
  case " $* " in
    *' --protected-mode '*) said=yes ;;
    *) said=no ;;
  esac
  if [ -f "${2:-}" ] && grep -qiE '^[[:space:]]*protected-mode[[:space:]]' "$2"; then said=yes; fi
  if [ "$said" = no ] && [ "${2:-}" != --version ] && [ "${2:-}" != -v ] && [ "${2:-}" != --help ]; then
    set -- "$@" --protected-mode no
  fi
  umask 0077
fi
# shellcheck disable=SC2086 # the variable holds options
exec "$@" ${VALKEY_EXTRA_FLAGS:-}
