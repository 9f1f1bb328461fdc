#!/bin/sh
# Gives Backfile a user of its own at Elasticsearch, with rights over its own indexes and nothing else.
set -eu
server=https://elasticsearch:9200

# Passwords go by a file of curl's, never as arguments: those can be read in the list of processes.
settings=$(mktemp)
printf 'user = "elastic:%s"\ncacert = /certs/ca.crt\nsilent\nshow-error\nfail\nheader = "Content-Type: application/json"\n' \
    "$(cat /run/secrets/elastic_password)" >"$settings"

put() { curl --config "$settings" --output /dev/null --request PUT "$server/$1" --data-binary @-; }

until curl --config "$settings" --output /dev/null "$server/_security/_authenticate"; do
    echo "Waiting for Elasticsearch, or its password is not the one that its data was begun with ..."
    sleep 5
done
put _security/role/backfile <<JSON
{"indices": [{"names": ["backfile-*"], "privileges": ["all"]}]}
JSON
put _security/user/backfile <<JSON
{"password": "$(cat /run/secrets/search_password)", "roles": ["backfile"]}
JSON
rm -f "$settings"
echo "The user backfile may use the indexes backfile-*."
