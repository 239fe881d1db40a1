#!/bin/sh
# The namespace with the retention and the search attributes that `jiannuo run` gives its own.
set -eu
temporal operator namespace describe -n jiannuo >/dev/null 2>&1 ||
  temporal operator namespace create -n jiannuo --retention 90d
for attribute in JiannuoCase:Keyword JiannuoStage:Keyword JiannuoRegion:Keyword JiannuoDue:Datetime; do
  temporal operator search-attribute list -n jiannuo | grep -q "${attribute%%:*}" ||
    temporal operator search-attribute create -n jiannuo --name "${attribute%%:*}" --type "${attribute##*:}"
done
