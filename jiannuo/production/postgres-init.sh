#!/bin/sh
# Once, when the cluster is made: a role and databases of its own for each of the two users.
set -eu
make_role() {
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v name="$1" -v secret="$(cat "$2")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'secret';
SQL
}
make_role jiannuo /run/secrets/jiannuo_db_password
make_role temporal /run/secrets/temporal_db_password
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres <<'SQL'
CREATE DATABASE jiannuo OWNER jiannuo;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
