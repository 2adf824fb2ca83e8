-- Refuses (DL003) a call of dripline.append whose arrays do not fit together, or whose names would not be safe inside an entry.
-- The message says which argument and which element, never what stands there.
CREATE OR REPLACE FUNCTION dripline.check_append(
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
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    maximum_events constant integer := 10000;
    maximum_bytes  constant integer := 1048576;
    maximum_reason constant integer := 65536;
    first_time     constant timestamptz := '0001-01-01T00:00:00Z'; -- what an entry can write as a year of four digits
    end_of_time    constant timestamptz := '10000-01-01T00:00:00Z';
    stream_form    constant text := '^[a-z][a-z0-9_]{0,31}(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$';
    commands       constant integer := cardinality(in_commands);
    events         constant integer := cardinality(in_event);
    wrong          text;
BEGIN
    wrong := CASE
        WHEN coalesce(commands, 0) = 0 THEN 'in_commands is empty'
        WHEN coalesce(events, 0) = 0 THEN 'in_event is empty'
        WHEN events > maximum_events THEN format('in_event holds %s events; at most %s in one call', events, maximum_events)
        WHEN cardinality(in_actors) IS DISTINCT FROM commands OR cardinality(in_charted_at) IS DISTINCT FROM commands
            THEN 'in_commands, in_actors and in_charted_at are not of one length'
        WHEN in_condition_command IS NULL OR cardinality(in_condition_stream) IS DISTINCT FROM cardinality(in_condition_command)
            OR cardinality(in_condition_version) IS DISTINCT FROM cardinality(in_condition_command)
            THEN 'the in_condition arrays are not of one length'
        WHEN (SELECT count(*) FROM unnest(ARRAY[
                cardinality(in_event_command), cardinality(in_stream), cardinality(in_type), cardinality(in_occurred_at),
                cardinality(in_subject), cardinality(in_override_gate), cardinality(in_override_reason),
                cardinality(in_override_digest), cardinality(in_salt), cardinality(in_payload), cardinality(in_payload_digest), cardinality(in_v)
            ]) AS a (length) WHERE a.length IS DISTINCT FROM events) > 0
            THEN 'the arrays of the events are not of one length'
        WHEN (SELECT bool_and(a.dimensions = '[1:' || a.length || ']') FROM (VALUES
                (array_dims(in_commands), commands), (array_dims(in_actors), commands), (array_dims(in_charted_at), commands),
                (array_dims(in_condition_command), cardinality(in_condition_command)),
                (array_dims(in_condition_stream), cardinality(in_condition_stream)),
                (array_dims(in_condition_version), cardinality(in_condition_version)),
                (array_dims(in_event_command), events), (array_dims(in_event), events), (array_dims(in_stream), events),
                (array_dims(in_type), events), (array_dims(in_occurred_at), events), (array_dims(in_subject), events),
                (array_dims(in_override_gate), events), (array_dims(in_override_reason), events),
                (array_dims(in_override_digest), events), (array_dims(in_salt), events), (array_dims(in_payload), events),
                (array_dims(in_payload_digest), events), (array_dims(in_v), events)) AS a (dimensions, length)) IS FALSE
            THEN 'every array must count from 1, in one dimension'
        WHEN (SELECT count(DISTINCT c) FROM unnest(in_commands) AS u (c)) <> commands
            THEN 'in_commands holds a NULL, or one command twice'
    END;
    IF wrong IS NULL THEN
        SELECT CASE WHEN (a.actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') IS NOT TRUE THEN format('in_actors[%s] is not a staff handle', a.n)
            ELSE format('in_charted_at[%s] is not a time of the years 1 to 9999', a.n) END INTO wrong
        FROM unnest(in_actors, in_charted_at) WITH ORDINALITY AS a (actor, charted_at, n)
        WHERE (a.actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') IS NOT TRUE OR a.charted_at < first_time OR a.charted_at >= end_of_time
        LIMIT 1;
    END IF;
    IF wrong IS NULL THEN
        SELECT format('condition %s needs a command of this call, a stream and a version', c.n) INTO wrong
        FROM unnest(in_condition_command, in_condition_stream, in_condition_version) WITH ORDINALITY AS c (command, stream, version, n)
        WHERE (c.command BETWEEN 1 AND commands AND c.stream ~ stream_form AND c.version >= 0) IS NOT TRUE LIMIT 1;
    END IF;
    IF wrong IS NULL THEN
        SELECT format('event %s: %s', e.n, e.wrong) INTO wrong FROM (
            SELECT u.n, CASE
                WHEN (u.command BETWEEN 1 AND commands) IS NOT TRUE THEN 'no such command'
                WHEN u.command < lag(u.command, 1, 1) OVER (ORDER BY u.n) OR u.command > 1 + lag(u.command, 1, 0) OVER (ORDER BY u.n)
                    THEN 'events must stand in the order of their commands, and no command may be without one'
                WHEN u.event IS NULL THEN 'the id is missing'
                WHEN (u.stream ~ stream_form) IS NOT TRUE THEN 'the stream is not of the form kind or kind/uuid'
                WHEN u.subject !~ stream_form THEN 'the subject is not of the form kind or kind/uuid'
                WHEN (u.type ~ '^[A-Z][A-Za-z0-9]{0,63}$') IS NOT TRUE THEN 'the type is not a name'
                WHEN (u.occurred_at >= first_time AND u.occurred_at < end_of_time) IS NOT TRUE
                    THEN 'occurred_at is missing or not a time of the years 1 to 9999'
                WHEN u.gate !~ '^[a-z][a-z_]{0,63}$' THEN 'the override names no gate'
                WHEN (u.gate IS NULL) <> (u.reason IS NULL) OR (u.gate IS NULL) <> (u.reason_digest IS NULL)
                    THEN 'an override needs gate, reason and digest, all three or none'
                WHEN octet_length(u.reason) NOT BETWEEN 1 AND maximum_reason
                    THEN format('the override''s reason is empty or longer than %s bytes', maximum_reason)
                WHEN octet_length(u.reason_digest) <> 32 THEN 'the override''s digest is not 32 bytes long'
                WHEN (octet_length(u.salt) = 32) IS NOT TRUE THEN 'the salt is not 32 bytes long'
                WHEN (octet_length(u.digest) = 32) IS NOT TRUE THEN 'the payload''s digest is not 32 bytes long'
                WHEN (octet_length(u.payload) <= maximum_bytes) IS NOT TRUE
                    THEN format('the payload is missing or longer than %s bytes', maximum_bytes)
                WHEN (u.v >= 1) IS NOT TRUE THEN 'the version of its type is missing or below 1'
            END AS wrong
            FROM unnest(in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason,
                in_override_digest, in_salt, in_payload, in_payload_digest, in_v) WITH ORDINALITY
                AS u (command, event, stream, type, occurred_at, subject, gate, reason, reason_digest, salt, payload, digest, v, n)
        ) e WHERE e.wrong IS NOT NULL ORDER BY e.n LIMIT 1;
    END IF;
    IF wrong IS NULL AND in_event_command[events] <> commands THEN
        wrong := 'the last command has no event';
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'append: %.', wrong USING ERRCODE = 'DL003';
    END IF;
END
$$;
