-- The events of streams up to a position, stream by stream, each in the order of its versions and from behind the one given.
-- With the reader's own rights. Its plan is kept, and is the same whatever the statistics say: of one that is made while the log is young the server may
-- keep the index by position, and read the whole of a grown log for each stream.
CREATE OR REPLACE FUNCTION dripline.stream_events(
    in_log_id  integer,
    in_streams text[],
    in_after   bigint[],
    in_to      bigint
) RETURNS TABLE (
    "position" bigint, version bigint, event uuid, command uuid, stream text, type text, actor text, occurred_at timestamptz,
    recorded_at timestamptz, charted_at timestamptz, subject text, override_gate text, override_reason text, payload json, v smallint
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_sort = off
SET jit = off
SET plan_cache_mode = force_generic_plan
SET work_mem = '32MB' -- the answer is gathered before it is sent: in memory, not in a file
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT e.position, e.version, e.event, e.command, e.stream, e.type, e.actor, e.occurred_at, e.recorded_at, e.charted_at,
            e.subject, e.override_gate, e.override_reason, e.payload, e.v
        FROM unnest(in_streams, in_after) AS s (stream, version) CROSS JOIN LATERAL (
            SELECT * FROM dripline.events e
            WHERE e.log_id = in_log_id AND e.stream = s.stream AND e.version > s.version AND e.position <= in_to ORDER BY e.version
        ) e;
END
$$;
COMMENT ON FUNCTION dripline.stream_events IS 'The events of streams up to a position, stream by stream.';
