#!/bin/sh
# Makes a certificate authority and the server's certificate, once; both stay in the volume /certs.
set -eu
umask 022
if [ ! -f /certs/ca.crt ]; then
    work=$(mktemp -d)
    bin/elasticsearch-certutil ca --silent --pem --days 3650 --out "$work/ca.zip"
    unzip -q "$work/ca.zip" -d "$work"
    bin/elasticsearch-certutil cert --silent --pem --days 1825 --name elasticsearch \
        --dns elasticsearch --dns localhost --ip 127.0.0.1 \
        --ca-cert "$work/ca/ca.crt" --ca-key "$work/ca/ca.key" --out "$work/server.zip"
    unzip -q "$work/server.zip" -d "$work"
    cp "$work/elasticsearch/elasticsearch.crt" /certs/server.crt
    cp "$work/elasticsearch/elasticsearch.key" /certs/server.key
    # The authority's key signs nothing more, so it is not kept.
    cp "$work/ca/ca.crt" /certs/.ca.crt
    rm -rf "$work"
    chown 1000:0 /certs/server.key
    chmod 0600 /certs/server.key
    mv /certs/.ca.crt /certs/ca.crt
fi
