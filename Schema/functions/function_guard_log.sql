-- Event trigger: the log's tables, functions and triggers are dropped and altered by a migration and by nothing else.
--
-- A migration says so by `SET LOCAL dripline.migration = on`, which ends with its transaction. It is a guard against mistakes and against tools that
-- know no better: a superuser can switch event triggers off or drop them with this function, and whoever can alter the log can also set this. `dripline status` tells when the
-- guard is off, `dripline verify` what was done meanwhile.
CREATE OR REPLACE FUNCTION dripline_guard.guard_log() RETURNS event_trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner  oid;
    object record;
BEGIN
    IF current_setting('dripline.migration', true) = 'on' THEN
        RETURN;
    END IF;
    IF TG_EVENT = 'sql_drop' THEN
        SELECT d.object_type, d.object_identity INTO object FROM pg_event_trigger_dropped_objects() d
        WHERE d.schema_name IN ('dripline', 'dripline_guard') OR d.object_identity ~ '(^| on )dripline(_guard)?(\.|$)' LIMIT 1;
    ELSE
        SELECT r.oid INTO owner FROM pg_roles r WHERE r.rolname = 'dripline_owner';
        -- By the owner too: what was moved to another schema is not in ours any more. A child of a log's table would show among its rows.
        SELECT c.object_type, c.object_identity INTO object FROM pg_event_trigger_ddl_commands() c
        WHERE c.command_tag NOT IN ('GRANT', 'REVOKE', 'COMMENT') AND (
            c.schema_name IN ('dripline', 'dripline_guard') OR c.object_identity ~ '(^| on )dripline(_guard)?(\.|$)'
            OR c.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class t WHERE t.oid = c.objid AND t.relowner = owner)
            OR c.classid = 'pg_proc'::regclass AND EXISTS (SELECT FROM pg_proc f WHERE f.oid = c.objid AND f.proowner = owner)
            OR c.classid = 'pg_namespace'::regclass AND EXISTS (SELECT FROM pg_namespace n WHERE n.oid = c.objid AND n.nspowner = owner)
            OR c.classid = 'pg_class'::regclass AND EXISTS (
                SELECT FROM pg_inherits i JOIN pg_class t ON t.oid = i.inhparent WHERE i.inhrelid = c.objid AND t.relowner = owner))
        LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'The log is append-only: % of the % % is refused.', TG_TAG, object.object_type, object.object_identity
            USING ERRCODE = 'DL009', HINT = 'Only `dripline migrate` alters what belongs to the log.';
    END IF;
END
$$;
COMMENT ON FUNCTION dripline_guard.guard_log IS 'Refuses DROP and ALTER of what belongs to the log, outside of a migration.';
