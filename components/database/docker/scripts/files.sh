# Uploads and the application's generated keys, in the same repositories and under the same key as the database. pgBackRest
# keeps any file (repo-put); a set is all of them once a day and, until the next, what has changed since.
#   files/<set>/00000000000.tar.gz, files/<set>/<time>.tar.gz
kept_folders() {
  local folder
  for folder in uploads keys; do if [ -d "/files/$folder" ]; then say "$folder"; fi; done
}

files_full() {
  local at
  at=$(now)
  [ -n "$(kept_folders)" ] || return 0
  touch -d "@$at" "$scratch/files.new"
  # shellcheck disable=SC2046
  files_put "$at/$(printf '%011d' 0)" $(kept_folders) || return 1
  mv "$scratch/files.new" "$scratch/files.copied"
  say "$at" >"$scratch/files.set"
  files_prune
}

files_changed() {
  local at changed
  [ -e "$scratch/files.copied" ] || return 0
  [ -d /files/uploads ] || return 0
  at=$(now)
  touch -d "@$at" "$scratch/files.new"
  changed=$(mktemp /tmp/changed.XXXXXX)
  (cd /files && find uploads -newer "$scratch/files.copied" -type f -print0) >"$changed"
  if [ -s "$changed" ]; then files_put "$(cat "$scratch/files.set")/$at" --null --files-from="$changed" || return 1; fi
  rm "$changed"
  mv "$scratch/files.new" "$scratch/files.copied"
}

# files_put NAME TAR-ARGUMENTS...
files_put() {
  local name=$1 repository
  shift
  for repository in $(repositories); do
    # A file that goes or grows while it is read is in the next copy: tar says so with exit code 1.
    { tar --directory=/files --create --ignore-failed-read "$@" || [ $? = 1 ]; } | gzip |
      pgbackrest repo-put --repo="$repository" "files/$name.tar.gz" || return 1
  done
}

files_sets() { pgbackrest repo-ls --repo="$1" files 2>/dev/null | grep -E '^[0-9]+$' | sort -n || true; }

# One set before the first day that can be restored stays: that day needs it.
files_prune() {
  local repository oldest
  for repository in $(repositories); do
    oldest=$(($(now) - BACKUP_KEEP_DAYS * 86400))
    files_sets "$repository" | awk -v oldest="$oldest" '$1 < oldest { if (last) print last; last = $1 }' |
      while read -r set; do
        pgbackrest repo-ls --repo="$repository" "files/$set" | while read -r file; do
          pgbackrest repo-rm --repo="$repository" "files/$set/$file"
        done
      done
  done
}

# As a tar: what was there at a time, with what was deleted since that day's copy.
files_at() {
  local at repository set file work
  at=$(date -u -d "$1" +%s) || fail "$1 is no time: 2026-11-27T03:00:00Z"
  repository=$(furthest)
  set=$(files_sets "$repository" | awk -v at="$at" '$1 <= at { set = $1 } END { print set }')
  [ -n "$set" ] || fail "no copy of uploads and keys is from before $(utc "$at")"
  work=$(mktemp -d "$scratch/files.XXXXXX")
  for file in $(pgbackrest repo-ls --repo="$repository" "files/$set" | sort); do
    [ "$((10#${file%.tar.gz}))" -le "$at" ] || continue
    # Outside of a stanza it does not find the key by itself; and its words must not get into the file.
    PGBACKREST_CIPHER_PASS=$PGBACKREST_REPO1_CIPHER_PASS pgbackrest repo-get --log-level-console=off --log-level-stderr=error \
      --repo="$repository" "files/$set/$file" | tar --extract --gzip --directory="$work" --no-same-owner
  done
  tar --directory="$work" --create .
  rm -rf --one-file-system "$work"
}
