-- The log's schema. Nothing in it is reachable unless privileges/ says so.
CREATE SCHEMA IF NOT EXISTS dripline AUTHORIZATION dripline_owner;
REVOKE ALL ON SCHEMA dripline FROM PUBLIC;
