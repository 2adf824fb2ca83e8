-- The one door into the log: append commands, each with its events, to one log.
--
-- The arrays of a group have one length. Commands are numbered from 1 in the order of in_commands; events and conditions name theirs.
--   in_clinic, in_log     which log; its first append creates it
--   in_commands           the idempotency key of each command; no key twice in one call
--   in_actors             the staff handle that charts each command
--   in_charted_at         when the source system says that each command was entered, or NULL
--   in_condition_command, in_condition_stream, in_condition_version
--                         a command is taken only where this stream has this version when its turn comes (0: no event yet)
--   in_event_command      the command of each event, never decreasing
--   in_event, in_stream, in_type, in_occurred_at, in_subject
--                         the event's id, stream, type, time, and the other stream that it concerns (or NULL)
--   in_override_gate, in_override_reason, in_override_digest
--                         the gate that the author overrode, why, and HMAC-SHA256(salt, reason); all three or none
--   in_salt, in_payload, in_payload_digest
--                         32 random bytes, the canonical JSON of the event's data, and HMAC-SHA256(salt, payload)
--   in_v                  the version of the event's type that the payload is written in, from 1
--
-- Answers one row an event of a command that was taken ('00000') or had been taken before ('DL000': the first result),
-- and one row a command that was not: 'DL001' a condition does not hold (stream, expected and actual version are given),
-- 'DL002' the command came before with other content. Commands are judged in order, as if each had come alone:
-- one's failure leaves the others untouched.
--
-- Raises DL003 for a call that is not well formed; then nothing is written.
CREATE OR REPLACE FUNCTION dripline.append(
    in_clinic            text,
    in_log               text,
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
) RETURNS TABLE (
    command          integer,
    outcome          text,
    condition_stream text,
    expected_version bigint,
    actual_version   bigint,
    event            uuid,
    "position"       bigint,
    version          bigint,
    recorded_at      timestamptz,
    leaf             bytea
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
-- The plans are cached while the tables may still be empty, and must serve when they are not: the log only by its indexes, joins only by hash.
SET enable_seqscan = off
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    iso         constant text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
    head_id     integer;
    head_size   bigint;
    head_time   timestamptz;
    stamp       timestamptz;
    outcomes    text[];
    refused     record;
    taken       bigint;
BEGIN
    PERFORM dripline.check_append(
        in_commands, in_actors, in_charted_at, in_condition_command, in_condition_stream, in_condition_version, in_event_command,
        in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest,
        in_salt, in_payload, in_payload_digest, in_v);
    outcomes := array_fill('00000'::text, ARRAY[cardinality(in_commands)]);

    -- The head row orders the clinic's appends from here to the commit.
    SELECT l.log_id, l.size, l.recorded_at INTO head_id, head_size, head_time
    FROM dripline.logs l WHERE l.clinic = in_clinic AND l.log = in_log FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO dripline.logs (clinic, log) VALUES (in_clinic, in_log) ON CONFLICT DO NOTHING;
        SELECT l.log_id, l.size, l.recorded_at INTO STRICT head_id, head_size, head_time
        FROM dripline.logs l WHERE l.clinic = in_clinic AND l.log = in_log FOR UPDATE;
    END IF;

    -- Commands that came before.
    IF EXISTS (
        SELECT FROM unnest(in_commands) AS c (command)
        CROSS JOIN LATERAL (SELECT FROM dripline.commands k WHERE k.log_id = head_id AND k.command = c.command LIMIT 1) k
    ) THEN
        outcomes := dripline.judge_repeats(
            head_id, in_commands, in_actors, in_charted_at, in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject,
            in_override_gate, in_override_reason, in_payload);
        RETURN QUERY
            SELECT c.n::integer, 'DL000', NULL::text, NULL::bigint, NULL::bigint,
                e.event, e.position, e.version, e.recorded_at, e.leaf
            FROM unnest(in_commands, outcomes) WITH ORDINALITY AS c (command, outcome, n)
            CROSS JOIN LATERAL (
                SELECT k.first_position, k.events FROM dripline.commands k WHERE k.log_id = head_id AND k.command = c.command LIMIT 1
            ) k
            CROSS JOIN LATERAL (
                SELECT e.* FROM dripline.events e
                WHERE e.log_id = head_id AND e.position >= k.first_position ORDER BY e.position LIMIT k.events
            ) e
            WHERE c.outcome = 'DL000';
    END IF;

    -- Conditions: suppose that all hold, and look for one that then does not. Only if there is one, go command by command.
    IF cardinality(in_condition_command) > 0 AND NOT dripline.all_conditions_hold(
        head_id, outcomes, in_condition_command, in_condition_stream, in_condition_version, in_event_command, in_stream) THEN
        FOR refused IN SELECT * FROM dripline.judge_conditions(
            head_id, outcomes, in_condition_command, in_condition_stream, in_condition_version, in_event_command, in_stream) LOOP
            outcomes[refused.command] := 'DL001';
            RETURN QUERY SELECT refused.command, 'DL001', refused.stream, refused.expected, refused.actual,
                NULL::uuid, NULL::bigint, NULL::bigint, NULL::timestamptz, NULL::bytea;
        END LOOP;
    END IF;
    RETURN QUERY
        SELECT o.n::integer, o.outcome, NULL::text, NULL::bigint, NULL::bigint,
            NULL::uuid, NULL::bigint, NULL::bigint, NULL::timestamptz, NULL::bytea
        FROM unnest(outcomes) WITH ORDINALITY AS o (outcome, n) WHERE o.outcome = 'DL002';

    -- Whatever is left goes down together. The time is taken under the lock, so it never decreases along the log.
    stamp := greatest(clock_timestamp(), head_time);
    RETURN QUERY
        WITH head AS MATERIALIZED (
            SELECT s.stream, coalesce((
                SELECT e.version FROM dripline.events e
                WHERE e.log_id = head_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0) AS version
            FROM (SELECT DISTINCT u.stream FROM unnest(in_stream) AS u (stream)) s
        ), numbered AS (
            SELECT i.*, c.id, c.actor, c.charted_at,
                head_size + row_number() OVER (ORDER BY i.n) AS position,
                h.version + row_number() OVER (PARTITION BY i.stream ORDER BY i.n) AS version
            FROM unnest(in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate,
                in_override_reason, in_override_digest, in_salt, in_payload, in_payload_digest, in_v) WITH ORDINALITY
                AS i (command, event, stream, type, occurred_at, subject, override_gate,
                    override_reason, override_digest, salt, payload, payload_digest, v, n)
            JOIN unnest(in_commands, in_actors, in_charted_at, outcomes) WITH ORDINALITY AS c (id, actor, charted_at, outcome, n)
                ON c.n = i.command AND c.outcome = '00000'
            JOIN head h ON h.stream = i.stream
        ), written AS (
            SELECT m.*, concat(
                '{"actor":"', m.actor,
                '","charted_at":"' || to_char(m.charted_at, iso),
                '","clinic":"', in_clinic,
                '","command":"', m.id,
                '","event":"', m.event,
                '","log":"', in_log,
                '","occurred_at":"', to_char(m.occurred_at, iso), '"',
                ',"override":{"gate":"' || m.override_gate || '","reason_digest":"' || encode(m.override_digest, 'hex') || '"}',
                ',"payload_digest":"', encode(m.payload_digest, 'hex'),
                '","position":', m.position,
                ',"recorded_at":"', to_char(stamp, iso),
                '","stream":"', m.stream,
                '","subject":"' || m.subject,
                '","type":"', m.type,
                '","v":', m.v,
                ',"version":', m.version, '}') AS entry
            FROM numbered m
        ), inserted AS (
            INSERT INTO dripline.events AS e (
                log_id, position, version, occurred_at, recorded_at, charted_at, event, command, stream, type, actor, subject,
                override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry, v)
            SELECT head_id, w.position, w.version, w.occurred_at, stamp, w.charted_at, w.event, w.id,
                w.stream, w.type, w.actor, w.subject, w.override_gate, w.override_reason, w.override_digest,
                w.salt, w.payload_digest, sha256(decode('00', 'hex') || convert_to(w.entry, 'UTF8')), w.payload::json, w.entry, w.v
            FROM written w ORDER BY w.position
            RETURNING e.position, e.event, e.version, e.recorded_at, e.leaf
        )
        SELECT m.command, '00000', NULL::text, NULL::bigint, NULL::bigint, i.event, i.position, i.version, i.recorded_at, i.leaf
        FROM inserted i JOIN numbered m ON m.position = i.position;
    GET DIAGNOSTICS taken = ROW_COUNT;

    IF taken > 0 THEN
        INSERT INTO dripline.commands (log_id, command, first_position, events)
        SELECT head_id, m.id, head_size + min(m.place), count(*)
        FROM (
            SELECT c.id, row_number() OVER (ORDER BY i.n) AS place
            FROM unnest(in_event_command) WITH ORDINALITY AS i (command, n)
            JOIN unnest(in_commands, outcomes) WITH ORDINALITY AS c (id, outcome, n) ON c.n = i.command AND c.outcome = '00000'
        ) m GROUP BY m.id;
        UPDATE dripline.logs l SET size = head_size + taken, recorded_at = stamp WHERE l.log_id = head_id;
    END IF;
END
$$;
COMMENT ON FUNCTION dripline.append IS 'The one door into the log: many commands in one call, each with its own outcome.';
