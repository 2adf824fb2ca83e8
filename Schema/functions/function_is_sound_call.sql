-- Whether a call of dripline.append, with more than one event, is well formed: a quick look that only well-formed calls pass. The others are judged by
-- check_append, which says what is wrong.
CREATE OR REPLACE FUNCTION dripline.is_sound_call(
    in_commands          uuid[],
    in_actors            text[],
    in_charted_at        timestamptz[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_event             uuid[],
    in_stream            text[],
    in_type              text[],
    in_occurred_at       timestamptz[],
    in_subject           text[],
    in_override_gate     text[],
    in_override_reason   text[],
    in_override_digest   bytea[],
    in_salt              bytea[],
    in_payload           text[],
    in_payload_digest    bytea[],
    in_v                 smallint[]
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    commands   constant integer := cardinality(in_commands);
    conditions constant integer := cardinality(in_condition_command);
    events     constant integer := cardinality(in_event);
    -- All names of a call are matched at once: starting a match costs far more than going on. Lengths are looked at beside it.
    stream     constant text := '[a-z][a-z0-9_]*(?:/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?';
    line       constant text := '[A-Za-z0-9][A-Za-z0-9._-]* [A-Z][A-Za-z0-9]* ' || stream || ' (?:' || stream || ')? (?:[a-z][a-z_]*)?';
    names      text; -- one line an event, and no other line: so that no name holds a blank or a line's end
    is_sound   boolean := false;
BEGIN
    IF commands > 0 AND events BETWEEN commands AND 10000 AND in_event_command[1] = 1 AND in_event_command[events] = commands
        AND '[1:' || commands || ']' = ALL (ARRAY[array_dims(in_commands), array_dims(in_actors), array_dims(in_charted_at)])
        AND '[1:' || events || ']' = ALL (ARRAY[
            array_dims(in_event_command), array_dims(in_event), array_dims(in_stream), array_dims(in_type), array_dims(in_occurred_at),
            array_dims(in_subject), array_dims(in_override_gate), array_dims(in_override_reason), array_dims(in_override_digest),
            array_dims(in_salt), array_dims(in_payload), array_dims(in_payload_digest), array_dims(in_v)])
    THEN
        SELECT bool_and((in_event_command[n] - coalesce(in_event_command[n - 1], 0) BETWEEN 0 AND 1
                AND dripline.is_in_bounds(
                    in_actors[in_event_command[n]], in_charted_at[in_event_command[n]], in_event[n], in_type[n], in_occurred_at[n],
                    in_override_gate[n], in_override_reason[n], in_override_digest[n], in_salt[n], in_payload[n], in_payload_digest[n], in_v[n])
                AND octet_length(split_part(in_stream[n], '/', 1)) <= 32
                AND (in_subject[n] IS NULL OR octet_length(split_part(in_subject[n], '/', 1)) BETWEEN 1 AND 32)) IS TRUE),
            string_agg(concat(
                in_actors[in_event_command[n]], ' ', in_type[n], ' ', in_stream[n], ' ', in_subject[n], ' ', in_override_gate[n], E'\n'), '')
        INTO is_sound, names FROM generate_series(1, events) AS g (n);
        is_sound := is_sound AND names ~ ('^(?:' || line || '\n)*$') AND octet_length(names) - octet_length(replace(names, E'\n', '')) = events
            AND (SELECT count(DISTINCT c) FROM unnest(in_commands) AS u (c)) = commands;
    END IF;
    IF conditions = 0 THEN
        is_sound := is_sound AND cardinality(in_condition_stream) = 0 AND cardinality(in_condition_version) = 0;
    ELSIF is_sound AND '[1:' || conditions || ']' = ALL (ARRAY[
        array_dims(in_condition_command), array_dims(in_condition_stream), array_dims(in_condition_version)])
    THEN
        SELECT bool_and((in_condition_command[n] BETWEEN 1 AND commands AND octet_length(split_part(in_condition_stream[n], '/', 1)) <= 32
                AND in_condition_version[n] >= 0) IS TRUE),
            string_agg(concat(in_condition_stream[n], E'\n'), '')
        INTO is_sound, names FROM generate_series(1, conditions) AS g (n);
        is_sound := is_sound AND names ~ ('^(?:' || stream || '\n)*$')
            AND octet_length(names) - octet_length(replace(names, E'\n', '')) = conditions;
    ELSE
        is_sound := false;
    END IF;
    RETURN is_sound IS TRUE;
END
$$;
