#!/bin/sh
# Starts a command of Backfile with its secrets read from files, in a home that is made if there is none.
set -eu

# read_secret NAME: BACKFILE_NAME becomes what the file BACKFILE_NAME_FILE holds.
read_secret() {
    file=$(printenv "BACKFILE_$1_FILE" || true)
    [ -n "$file" ] || return 0
    if [ ! -r "$file" ]; then
        echo "backfile: the file that BACKFILE_$1_FILE names cannot be read." >&2
        exit 2
    fi
    export "BACKFILE_$1=$(cat "$file")"
    unset "BACKFILE_$1_FILE"
}

for name in CATALOG_URL REDIS_URL SEARCH_PASSWORD SEARCH_API_KEY; do
    read_secret "$name"
done

# Redis at the site has a password: it stands in its address.
if [ -n "${REDIS_PASSWORD_FILE:-}" ]; then
    BACKFILE_REDIS_URL="redis://:$(cat "$REDIS_PASSWORD_FILE")@${REDIS_HOST:-redis}:6379/0"
    export BACKFILE_REDIS_URL
    unset REDIS_PASSWORD_FILE
fi

# `up` upgrades a home by itself. A new home is made even while search is down: the indexer makes its index later.
if [ "${1:-} ${2:-}" = "backfile up" ] && [ ! -f "$BACKFILE_HOME/backfile.toml" ]; then
    backfile init >&2 || [ -f "$BACKFILE_HOME/backfile.toml" ]
fi

exec "$@"
