-- Ownership goes to a role that nobody logs in as; everything else is taken away first, then given by name.
ALTER TABLE dripline.schema_version OWNER TO dripline_owner;
ALTER TABLE dripline.logs OWNER TO dripline_owner;
ALTER TABLE dripline.events OWNER TO dripline_owner;
ALTER TABLE dripline.commands OWNER TO dripline_owner;
ALTER TABLE dripline.tiles OWNER TO dripline_owner;
ALTER TABLE dripline.checkpoints OWNER TO dripline_owner;
ALTER TABLE dripline.cosignatures OWNER TO dripline_owner;
ALTER TABLE dripline.reporting_clinics OWNER TO dripline_owner;
ALTER VIEW dripline.record OWNER TO dripline_owner;
ALTER FUNCTION dripline.entry OWNER TO dripline_owner;
ALTER FUNCTION dripline.is_stream OWNER TO dripline_owner;
ALTER FUNCTION dripline.is_in_bounds OWNER TO dripline_owner;
ALTER FUNCTION dripline.is_well_formed OWNER TO dripline_owner;
ALTER FUNCTION dripline.append OWNER TO dripline_owner;
ALTER FUNCTION dripline.append_many OWNER TO dripline_owner;
ALTER FUNCTION dripline.is_sound_call OWNER TO dripline_owner;
ALTER FUNCTION dripline.write_events OWNER TO dripline_owner;
ALTER FUNCTION dripline.check_append OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_repeats OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_conditions OWNER TO dripline_owner;
ALTER FUNCTION dripline.all_conditions_hold OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_change OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_rewind OWNER TO dripline_owner;
ALTER FUNCTION dripline_guard.guard_log OWNER TO dripline_owner;
ALTER FUNCTION dripline.reported_clinics OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_update OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_alteration OWNER TO dripline_owner;
ALTER FUNCTION dripline.stream_events OWNER TO dripline_owner;
ALTER FUNCTION dripline.erase OWNER TO dripline_owner;
ALTER FUNCTION dripline.tell_credentials OWNER TO dripline_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA dripline
    FROM PUBLIC, dripline_service, dripline_projector, dripline_sealer, dripline_reporting, dripline_reports, dripline_eraser;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dripline, dripline_guard
    FROM PUBLIC, dripline_service, dripline_projector, dripline_sealer, dripline_reporting, dripline_reports, dripline_eraser;

GRANT USAGE ON SCHEMA dripline TO dripline_service, dripline_sealer;
GRANT SELECT ON ALL TABLES IN SCHEMA dripline TO dripline_service;
GRANT EXECUTE ON FUNCTION dripline.append, dripline.append_many, dripline.stream_events TO dripline_service;
GRANT EXECUTE ON FUNCTION dripline.erase TO dripline_eraser;

-- Sealing adds to what is derived from the log, never to the log.
GRANT SELECT ON dripline.logs, dripline.events, dripline.tiles, dripline.checkpoints, dripline.cosignatures TO dripline_sealer;
GRANT INSERT, UPDATE ON dripline.tiles TO dripline_sealer;
GRANT INSERT ON dripline.checkpoints, dripline.cosignatures TO dripline_sealer;

-- The policies of the read models ask it, with the rights of whoever reads the view.
GRANT EXECUTE ON FUNCTION dripline.reported_clinics TO dripline_reporting, dripline_reports;

-- Read models live in schemas of their own, which the projector makes.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO dripline_projector', current_database());
END
$$;
