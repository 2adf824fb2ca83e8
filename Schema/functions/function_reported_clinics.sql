-- The clinics whose rows the one who signed in may see in reports: for the row-level security of the read models, which asks once a statement.
CREATE OR REPLACE FUNCTION dripline.reported_clinics() RETURNS text[]
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT l.clinic), '{}') FROM dripline.logs l
    WHERE pg_has_role(session_user, 'dripline_service', 'MEMBER')
        OR EXISTS (SELECT FROM dripline.reporting_clinics g WHERE g.login = session_user AND g.clinic IN ('*', l.clinic))
$$;
COMMENT ON FUNCTION dripline.reported_clinics IS 'The clinics that the session''s login may see in reports.';
