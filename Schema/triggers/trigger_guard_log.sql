-- Only a superuser may make an event trigger: after a migration by somebody else `dripline status` says that they are missing.
-- ENABLE ALWAYS: they fire in every replication role too.
DO $$
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger t WHERE t.evtname = 'dripline_guard_change') THEN
        CREATE EVENT TRIGGER dripline_guard_change ON ddl_command_end EXECUTE FUNCTION dripline_guard.guard_log();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger t WHERE t.evtname = 'dripline_guard_drop') THEN
        CREATE EVENT TRIGGER dripline_guard_drop ON sql_drop EXECUTE FUNCTION dripline_guard.guard_log();
    END IF;
    ALTER EVENT TRIGGER dripline_guard_change ENABLE ALWAYS;
    ALTER EVENT TRIGGER dripline_guard_drop ENABLE ALWAYS;
END
$$;
