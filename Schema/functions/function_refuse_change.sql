-- Trigger: no row of the log is ever changed or removed, by anybody, in any replication role.
CREATE OR REPLACE FUNCTION dripline.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'The log is append-only: % on %.% is refused.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'DL009', HINT = 'Record an EventAmended or EventVoided instead.';
END
$$;
