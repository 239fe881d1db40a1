#!/bin/sh
# Makes the secrets that docker-compose.yml names, each once. Keep .secrets with the backups: without the vault
# key and the payload keys a backup cannot be read.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .secrets
chmod 700 .secrets
make() { [ -e ".secrets/$1" ] || (umask 077; printf '%s' "$2" >".secrets/$1"); }
word() { openssl rand -hex 24; }
make postgres_password "$(word)"
make jiannuo_db_password "$(word)"
make temporal_db_password "$(word)"
make vault_key "$(openssl rand -base64 32)"
make payload_keys "$(openssl rand -base64 32)"
make receiver_secret "$(word)"
make postgres_dsn "postgresql://jiannuo:$(cat .secrets/jiannuo_db_password)@postgres:5432/jiannuo"
make platforms "{}"
# Containers read them as their own users.
chmod 644 .secrets/*
