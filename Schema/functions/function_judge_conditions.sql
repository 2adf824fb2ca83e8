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
    heads   jsonb; -- stream → version, as the commands taken so far leave it
    sent    record;
    failed  record;
BEGIN
    SELECT jsonb_object_agg(s.stream, coalesce((
        SELECT e.version FROM dripline.events e
        WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0)) INTO heads
    FROM (SELECT DISTINCT c.stream FROM unnest(in_condition_stream) AS c (stream)) s;

    FOR sent IN
        SELECT o.n::integer AS command, i.streams
        FROM unnest(in_outcomes) WITH ORDINALITY AS o (outcome, n)
        JOIN (
            SELECT u.command, array_agg(u.stream) AS streams FROM unnest(in_event_command, in_stream) AS u (command, stream)
            GROUP BY u.command
        ) i ON i.command = o.n
        WHERE o.outcome = '00000' ORDER BY o.n
    LOOP
        SELECT c.stream, c.version AS expected, (heads ->> c.stream)::bigint AS actual INTO failed
        FROM unnest(in_condition_command, in_condition_stream, in_condition_version) WITH ORDINALITY AS c (command, stream, version, n)
        WHERE c.command = sent.command AND c.version <> (heads ->> c.stream)::bigint
        ORDER BY c.n LIMIT 1;
        IF FOUND THEN
            RETURN QUERY SELECT sent.command, failed.stream, failed.expected, failed.actual;
        ELSE
            heads := heads || coalesce((
                SELECT jsonb_object_agg(s.stream, (heads ->> s.stream)::bigint + s.events)
                FROM (SELECT u.stream, count(*) AS events FROM unnest(sent.streams) AS u (stream) WHERE heads ? u.stream GROUP BY u.stream) s
            ), '{}');
        END IF;
    END LOOP;
END
$$;
