-- The clinical log as people read it in psql.
CREATE OR REPLACE VIEW dripline.record AS
SELECT l.clinic, e.position, e.stream, e.version, e.type, e.occurred_at, e.recorded_at, e.charted_at, e.actor, e.subject,
    e.override_gate, e.override_reason, e.payload, e.event, e.command
FROM dripline.events e JOIN dripline.logs l USING (log_id) WHERE l.log = 'record';
COMMENT ON VIEW dripline.record IS 'Every clinical event with its clinic''s name, for reading by hand.';
