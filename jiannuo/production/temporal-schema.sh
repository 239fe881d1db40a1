#!/bin/sh
# Creates and upgrades Temporal's two databases; run again, it changes nothing that is there.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_db_password)
export SQL_PASSWORD
for name in temporal visibility; do
  database=temporal
  [ "$name" = temporal ] || database=temporal_visibility
  tool="temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal --db $database"
  # The databases are made by PostgreSQL's own first start (postgres-init.sh); here are the tables.
  $tool setup-schema -v 0.0 2>/dev/null || true
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$name/versioned"
done
