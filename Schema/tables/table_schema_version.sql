-- Which version of this schema the database holds: one row a migration.
CREATE TABLE IF NOT EXISTS dripline.schema_version (
    version    integer     NOT NULL PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE dripline.schema_version IS 'One row for each migration applied to this database; the highest is in force.';
