-- Which clinics a login sees in the views of the schema `reporting`. As an administrator:
--
--   GRANT dripline_reporting TO the_login;
--   INSERT INTO dripline.reporting_clinics VALUES ('the_login', 'hickory');
--
-- A login without a row here sees none. Logins of the service see all: they may read the log anyway.
CREATE TABLE IF NOT EXISTS dripline.reporting_clinics (
    login  name NOT NULL,
    clinic text NOT NULL CHECK (clinic = '*' OR clinic ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    PRIMARY KEY (login, clinic)
);
COMMENT ON TABLE dripline.reporting_clinics IS 'Which clinics a login that is granted dripline_reporting sees; * for every clinic.';
