-- Whether every condition holds, supposing that every command before it is taken. True means: all are taken, by induction over their order.
CREATE OR REPLACE FUNCTION dripline.all_conditions_hold(
    in_log_id            integer,
    in_outcomes          text[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_stream            text[]
) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH candidate AS MATERIALIZED (
        SELECT o.n::integer AS command FROM unnest(in_outcomes) WITH ORDINALITY AS o (outcome, n) WHERE o.outcome = '00000'
    ), step AS (
        SELECT c.stream, c.command, c.version, 0 AS events
        FROM unnest(in_condition_command, in_condition_stream, in_condition_version) AS c (command, stream, version)
        UNION ALL
        SELECT i.stream, i.command, NULL, 1 FROM unnest(in_event_command, in_stream) AS i (command, stream)
    ), judged AS (
        SELECT s.stream, s.version, coalesce(sum(s.events) OVER (
            PARTITION BY s.stream ORDER BY s.command RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM step s JOIN candidate USING (command)
    ), head AS MATERIALIZED (
        SELECT s.stream, coalesce((
            SELECT e.version FROM dripline.events e
            WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0) AS version
        FROM (SELECT DISTINCT c.stream FROM unnest(in_condition_stream) AS c (stream)) s
    )
    SELECT NOT EXISTS (SELECT FROM judged j JOIN head h USING (stream) WHERE j.version <> h.version + j.before)
$$;
