-- Makes or renews the login of the service: it may append and keep the read models, and is nothing more. Run by a superuser after
-- `dripline migrate`, which makes the roles; the password comes from the environment.
\set ON_ERROR_STOP on
\getenv password DRIPLINE_DB_PASSWORD
-- A statement that fails is not to take the password into the server's log.
SET log_min_error_statement = panic;
SET log_statement = none;
SET client_min_messages = warning;
BEGIN;
SELECT 'CREATE ROLE dripline' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dripline') \gexec
ALTER ROLE dripline LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
GRANT dripline_service, dripline_projector, dripline_sealer, dripline_accounts TO dripline;
COMMIT;
