-- A role for each service: it may make schemas of its own, and sees no other's. Run once by an administrator, in the database of the
-- services; passwords come after it. What crosses a schema is granted by grants.sql, once the tables are there.
CREATE ROLE command_api LOGIN;
CREATE ROLE query_api LOGIN;
CREATE ROLE event_relay LOGIN;
CREATE ROLE projector LOGIN;
CREATE ROLE launcher LOGIN;
CREATE ROLE device_executor LOGIN;
CREATE ROLE notifier LOGIN;
CREATE ROLE summarizer LOGIN;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO query_api', current_database());
  EXECUTE format(
    'GRANT CONNECT, CREATE ON DATABASE %I TO command_api, event_relay, projector, launcher, device_executor, notifier, summarizer',
    current_database()
  );
END $$;
