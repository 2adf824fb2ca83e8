-- The roles of a Dripline database. None can log in: grant them to the logins of the service.
--
--   dripline_owner      owns the log; nobody is a member but whoever migrates
--   dripline_service    may read the log and append through dripline.append, nothing more
--   dripline_projector  the same, and owns the read models; may act as dripline_reporting and dripline_reports
--   dripline_sealer     may read the log and write tiles, checkpoints and cosignatures
--   dripline_accounts   may read and change accounts, sessions and tokens, nothing of the record
--   dripline_eraser     what the projector may, and dripline.erase; the service never holds it
--   dripline_reporting  may read the views of the schema `reporting`, nothing else
--   dripline_reports    owns those views: they see the rows of the read models that the login may see (dripline.reporting_clinics)
--
-- Roles belong to the whole server, so two databases may be prepared at once: losing that race is no error.
DO $$
DECLARE
    name   text;
    member text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'dripline_owner', 'dripline_service', 'dripline_projector', 'dripline_sealer', 'dripline_reporting', 'dripline_reports',
        'dripline_accounts', 'dripline_eraser'
    ] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    FOR name, member IN VALUES ('dripline_service', 'dripline_projector'), ('dripline_reporting', 'dripline_projector'),
        ('dripline_reports', 'dripline_projector'), ('dripline_projector', 'dripline_eraser') LOOP
        CONTINUE WHEN pg_has_role(member, name, 'MEMBER');
        BEGIN
            EXECUTE format('GRANT %I TO %I', name, member);
        EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN
            NULL; -- another database's migration granted it at this moment
        END;
    END LOOP;
    -- A migration that is no superuser needs the membership to hand the log over to its owner.
    IF NOT pg_has_role(current_user, 'dripline_owner', 'MEMBER') THEN
        GRANT dripline_owner TO CURRENT_USER;
    END IF;
END
$$;
