-- Goes through the commands in order, as if each came alone, and answers those whose condition does not hold, with the first that fails.
CREATE OR REPLACE FUNCTION dripline.judge_conditions(
    in_log_id            integer,
    in_outcomes          text[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_stream            text[]
) RETURNS TABLE (command integer, stream text, expected bigint, actual bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    streams text[];   -- those that a condition names
    heads   bigint[]; -- the version of each, as the commands taken so far leave it
    refused integer := 0;
    step    record;
BEGIN
    SELECT array_agg(s.stream), array_agg(coalesce((
        SELECT e.version FROM dripline.events e
        WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0)) INTO streams, heads
    FROM (SELECT DISTINCT c.stream FROM unnest(in_condition_stream) AS c (stream)) s;

    -- A command's conditions, then its events.
    FOR step IN
        SELECT u.command, n.place::integer AS place, u.expected FROM (
            SELECT c.command, c.stream, c.version AS expected, c.n
            FROM unnest(in_condition_command, in_condition_stream, in_condition_version) WITH ORDINALITY AS c (command, stream, version, n)
            UNION ALL
            SELECT i.command, i.stream, NULL, NULL FROM unnest(in_event_command, in_stream) AS i (command, stream)
        ) u
        JOIN unnest(streams) WITH ORDINALITY AS n (stream, place) ON n.stream = u.stream
        JOIN unnest(in_outcomes) WITH ORDINALITY AS o (outcome, command) ON o.command = u.command AND o.outcome = '00000'
        ORDER BY u.command, u.n NULLS LAST
    LOOP
        CONTINUE WHEN step.command = refused;
        IF step.expected IS NULL THEN
            heads[step.place] := heads[step.place] + 1;
        ELSIF step.expected <> heads[step.place] THEN
            refused := step.command;
            RETURN QUERY SELECT step.command, streams[step.place], step.expected, heads[step.place];
        END IF;
    END LOOP;
END
$$;
