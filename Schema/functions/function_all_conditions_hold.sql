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
    WITH condition AS (
        SELECT c.* FROM unnest(in_condition_command, in_condition_stream, in_condition_version) AS c (command, stream, version)
        WHERE in_outcomes[c.command] = '00000'
    ), head AS MATERIALIZED (
        SELECT s.stream, coalesce((
            SELECT e.version FROM dripline.events e
            WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0) AS version
        FROM (SELECT DISTINCT c.stream FROM condition c) s
    ), sent AS MATERIALIZED (
        SELECT i.command, i.stream, count(*) AS events FROM unnest(in_event_command, in_stream) AS i (command, stream)
        WHERE in_outcomes[i.command] = '00000' AND i.stream IN (SELECT h.stream FROM head h)
        GROUP BY i.command, i.stream
    )
    SELECT NOT EXISTS (
        SELECT FROM condition c JOIN head h ON h.stream = c.stream
        WHERE c.version <> h.version + coalesce((
            SELECT sum(s.events) FROM sent s WHERE s.stream = c.stream AND s.command < c.command), 0))
$$;
