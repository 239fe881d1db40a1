#!/bin/sh
# The server's image reads its database password from the environment only; here it comes from the secret's file.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_db_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
