#!/bin/sh
# At the first start of the database: roles of roles.sql get the passwords that are mounted as secrets.
set -eu
for role in command_api query_api event_relay projector launcher device_executor notifier summarizer; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set role="$role" --set password="$(cat "/run/secrets/postgres-$role")" <<'SQL'
ALTER ROLE :"role" PASSWORD :'password';
SQL
done
