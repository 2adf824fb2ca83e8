-- Whether every condition holds, supposing that every command before it is taken. True means: all are taken, by induction over their order.
--   in_head, in_place   the number of each log by its place, NULL for one that is left out, and the place of each command's log
--   in_outcomes         '00000' for those commands that may be taken; NULL where all may
CREATE OR REPLACE FUNCTION dripline.all_conditions_hold(
    in_head              integer[],
    in_place             integer[],
    in_outcomes          text[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_stream            text[]
) RETURNS boolean
LANGUAGE plpgsql STABLE -- its plan is kept; that of an SQL function would be made anew for each call
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM (
            SELECT j.version, j.before, max(CASE WHEN j.place_in_stream = 1 THEN coalesce((
                    SELECT e.version FROM dripline.events e
                    WHERE e.log_id = in_head[j.place] AND e.stream = j.stream COLLATE "default" ORDER BY e.version DESC LIMIT 1), 0)
                END) OVER (PARTITION BY j.place, j.stream) AS head -- each stream is looked up once
            FROM (
                SELECT s.place, s.stream, s.version, row_number() OVER (PARTITION BY s.place, s.stream ORDER BY s.command) AS place_in_stream,
                    coalesce(sum(s.events) OVER (
                        PARTITION BY s.place, s.stream ORDER BY s.command RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
                FROM (
                    SELECT in_place[in_condition_command[n]] AS place, in_condition_stream[n] COLLATE "C" AS stream,
                        in_condition_command[n] AS command, in_condition_version[n] AS version, 0 AS events
                    FROM generate_series(1, cardinality(in_condition_command)) AS g (n)
                    UNION ALL
                    SELECT in_place[in_event_command[n]], in_stream[n] COLLATE "C", in_event_command[n], NULL, 1
                    FROM generate_series(1, cardinality(in_stream)) AS g (n)
                ) s
                WHERE (in_outcomes[s.command] = '00000') IS NOT FALSE AND in_head[s.place] IS NOT NULL
                OFFSET 0
            ) j
        ) c
        WHERE c.version <> c.head + c.before);
END
$$;
