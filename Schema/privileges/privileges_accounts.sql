-- Accounts are for whoever stands at the door, and for nobody else: not for the log's service, the projector, the sealer or reports.
ALTER TABLE dripline.accounts OWNER TO dripline_owner;
ALTER TABLE dripline.sessions OWNER TO dripline_owner;
ALTER TABLE dripline.devices OWNER TO dripline_owner;
ALTER TABLE dripline.attempts OWNER TO dripline_owner;
ALTER TABLE dripline.tokens OWNER TO dripline_owner;
ALTER TABLE dripline.setup_links OWNER TO dripline_owner;

REVOKE ALL ON dripline.accounts, dripline.sessions, dripline.devices, dripline.attempts, dripline.tokens, dripline.setup_links
    FROM PUBLIC, dripline_service, dripline_projector, dripline_sealer, dripline_reporting, dripline_accounts;

GRANT USAGE ON SCHEMA dripline TO dripline_accounts;
GRANT SELECT, INSERT, UPDATE ON dripline.accounts, dripline.tokens, dripline.setup_links TO dripline_accounts;
GRANT SELECT, INSERT, UPDATE, DELETE ON dripline.sessions, dripline.devices, dripline.attempts TO dripline_accounts;

-- To see whether staff or roles have changed, and nothing of what is charted.
GRANT SELECT (log_id, clinic, log) ON dripline.logs TO dripline_accounts;
GRANT SELECT (log_id, stream, version) ON dripline.events TO dripline_accounts;
