-- Ownership goes to a role that nobody logs in as; everything else is taken away first, then given by name.
ALTER TABLE dripline.schema_version OWNER TO dripline_owner;
ALTER TABLE dripline.logs OWNER TO dripline_owner;
ALTER TABLE dripline.events OWNER TO dripline_owner;
ALTER TABLE dripline.commands OWNER TO dripline_owner;
ALTER VIEW dripline.record OWNER TO dripline_owner;
ALTER FUNCTION dripline.append OWNER TO dripline_owner;
ALTER FUNCTION dripline.check_append OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_repeats OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_conditions OWNER TO dripline_owner;
ALTER FUNCTION dripline.all_conditions_hold OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_change OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_rewind OWNER TO dripline_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA dripline FROM PUBLIC, dripline_service, dripline_projector, dripline_reporting;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dripline FROM PUBLIC, dripline_service, dripline_projector, dripline_reporting;

GRANT USAGE ON SCHEMA dripline TO dripline_service;
GRANT SELECT ON ALL TABLES IN SCHEMA dripline TO dripline_service;
GRANT EXECUTE ON FUNCTION dripline.append TO dripline_service;

-- Read models live in schemas of their own, which the projector makes.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO dripline_projector', current_database());
END
$$;
