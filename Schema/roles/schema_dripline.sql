-- The log's schema. Nothing in it is reachable unless privileges/ says so.
CREATE SCHEMA IF NOT EXISTS dripline AUTHORIZATION dripline_owner;
REVOKE ALL ON SCHEMA dripline FROM PUBLIC;
-- What guards it stands outside of it: it must still be there when the schema is about to go.
CREATE SCHEMA IF NOT EXISTS dripline_guard AUTHORIZATION dripline_owner;
REVOKE ALL ON SCHEMA dripline_guard FROM PUBLIC;
