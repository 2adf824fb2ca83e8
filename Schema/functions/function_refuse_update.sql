-- Trigger on dripline.events, for each statement: no UPDATE but the one of dripline.erase, which runs as the owner, as whom nobody logs in.
CREATE OR REPLACE FUNCTION dripline.refuse_update() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('dripline.erasing', true) IS DISTINCT FROM 'on' OR current_user <> 'dripline_owner' THEN
        RAISE EXCEPTION 'The log is append-only: % on %.% is refused.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'DL009', HINT = 'Record an EventAmended or EventVoided instead.';
    END IF;
    RETURN NULL;
END
$$;
