-- What one service may read of another's. Run by an administrator after the migrations of each release that says so; again does no harm.
GRANT USAGE ON SCHEMA site_directory TO device_executor;
GRANT SELECT ON site_directory.sites TO device_executor;

-- Of a site its name, so that mails can say it: never an address or a password.
GRANT USAGE ON SCHEMA site_directory TO notifier;
GRANT SELECT (id, organization_id, name) ON site_directory.sites TO notifier;

GRANT USAGE ON SCHEMA site_backups TO query_api;
GRANT SELECT ON site_backups.backups TO query_api;

-- Views: a rebuild points them at other tables, and they keep their grants.
GRANT USAGE ON SCHEMA read_model TO query_api;
GRANT SELECT ON read_model.scheduled_scripts, read_model.site_executions, read_model.script_history, read_model.script_positions,
  read_model.live_generation TO query_api;
