#!/bin/sh
# Makes the secrets that compose.yaml names, each in a file; those that are there are kept. Run as root.
set -eu
cd "$(dirname "$0")"
folder=${SECRETS_FOLDER:-./secrets}

# The folder is root's alone. The files in it can be read by whoever a container runs as, once they are mounted.
mkdir -p "$folder"
chmod 0700 "$folder"
for name in redis_password search_password elastic_password; do
    if [ ! -s "$folder/$name" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name"
    fi
    chmod 0444 "$folder/$name"
done
# Elasticsearch wants a file that nobody else can read; it runs as user 1000.
chown 1000 "$folder/elastic_password"
chmod 0400 "$folder/elastic_password"
