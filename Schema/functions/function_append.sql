-- The one door into the log: append commands, each with its events, to one log.
--
-- The arrays of a group have one length, and count from 1. Commands are numbered from 1 in the order of in_commands; events and conditions name theirs.
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
-- The plans are cached while the tables may still be empty, and must serve when they are not: the log is read by its indexes only.
SET enable_seqscan = off
SET enable_sort = off -- in a young table any index is as good to the planner: it must be the one that has the order already
SET jit = off
-- A plan made for the values of one call would serve that call only, and hold its arrays in a form in which an element is found by counting.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    commands   constant integer := cardinality(in_commands);
    conditions constant integer := cardinality(in_condition_command);
    events     integer := cardinality(in_event); -- only those of commands that are taken, once that is known
    is_single  constant boolean := coalesce(commands = 1 AND events = 1, false);
    is_sound   boolean;
    is_new     boolean;
    head_id    integer;
    head_size  bigint;
    head_time  timestamptz;
    line       text;
    outcomes   text[];
    refused    record;
BEGIN
    -- A quick look that only well-formed calls pass; the others are judged by check_append, which says what is wrong.
    IF is_single THEN
        is_sound := in_commands[1] IS NOT NULL AND in_event_command[1] = 1 AND '[1:1]' = ALL (ARRAY[
                array_dims(in_commands), array_dims(in_actors), array_dims(in_charted_at), array_dims(in_event_command),
                array_dims(in_event), array_dims(in_stream), array_dims(in_type), array_dims(in_occurred_at), array_dims(in_subject),
                array_dims(in_override_gate), array_dims(in_override_reason), array_dims(in_override_digest), array_dims(in_salt),
                array_dims(in_payload), array_dims(in_payload_digest), array_dims(in_v)])
            AND dripline.is_well_formed(in_actors[1], in_charted_at[1], in_event[1], in_stream[1], in_type[1], in_occurred_at[1],
                in_subject[1], in_override_gate[1], in_override_reason[1], in_override_digest[1], in_salt[1], in_payload[1],
                in_payload_digest[1], in_v[1]);
        is_sound := is_sound AND CASE
            WHEN conditions = 0 THEN cardinality(in_condition_stream) = 0 AND cardinality(in_condition_version) = 0
            WHEN '[1:' || conditions || ']' = ALL (ARRAY[
                array_dims(in_condition_command), array_dims(in_condition_stream), array_dims(in_condition_version)])
            THEN (SELECT bool_and((in_condition_command[n] = 1 AND dripline.is_stream(in_condition_stream[n])
                AND in_condition_version[n] >= 0) IS TRUE) FROM generate_series(1, conditions) AS g (n))
            ELSE false END;
    ELSE
        is_sound := dripline.is_sound_call(
            in_commands, in_actors, in_charted_at, in_condition_command, in_condition_stream, in_condition_version, in_event_command,
            in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest,
            in_salt, in_payload, in_payload_digest, in_v);
    END IF;
    IF is_sound IS NOT TRUE THEN
        PERFORM dripline.check_append(
            in_commands, in_actors, in_charted_at, in_condition_command, in_condition_stream, in_condition_version, in_event_command,
            in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest,
            in_salt, in_payload, in_payload_digest, in_v);
    END IF;

    -- The head row orders the clinic's appends from here to the commit.
    SELECT l.log_id, l.size, l.recorded_at INTO head_id, head_size, head_time
    FROM dripline.logs l WHERE l.clinic = in_clinic AND l.log = in_log FOR UPDATE;
    IF NOT FOUND THEN
        IF (in_clinic ~ '^[a-z0-9][a-z0-9-]{0,62}$' AND in_log IN ('record', 'access')) IS NOT TRUE THEN
            RAISE EXCEPTION 'append: in_clinic and in_log name no log.' USING ERRCODE = 'DL003';
        END IF;
        INSERT INTO dripline.logs (clinic, log) VALUES (in_clinic, in_log) ON CONFLICT DO NOTHING;
        SELECT l.log_id, l.size, l.recorded_at INTO STRICT head_id, head_size, head_time
        FROM dripline.logs l WHERE l.clinic = in_clinic AND l.log = in_log FOR UPDATE;
    END IF;

    -- One event alone goes straight: setting up statements is what a call costs, so here they are few and plain.
    IF is_single THEN
        SELECT NOT EXISTS (SELECT FROM dripline.commands k WHERE k.log_id = head_id AND k.command = in_commands[1]),
            1 + coalesce((
                SELECT e.version FROM dripline.events e
                WHERE e.log_id = head_id AND e.stream = in_stream[1] ORDER BY e.version DESC LIMIT 1), 0)
        INTO is_new, version;
        IF is_new AND conditions > 0 THEN
            SELECT bool_and(in_condition_version[n] = coalesce((
                SELECT e.version FROM dripline.events e
                WHERE e.log_id = head_id AND e.stream = in_condition_stream[n] ORDER BY e.version DESC LIMIT 1), 0))
            INTO is_new FROM generate_series(1, conditions) AS g (n);
        END IF;
        IF is_new THEN
            -- The time is taken under the lock, so it never decreases along the log.
            recorded_at := greatest(clock_timestamp(), head_time);
            position := head_size + 1;
            line := dripline.entry(
                in_actors[1], in_charted_at[1], in_clinic, in_commands[1], in_event[1], in_log, in_occurred_at[1], in_override_gate[1],
                in_override_digest[1], in_payload_digest[1], position, recorded_at, in_stream[1], in_subject[1], in_type[1], in_v[1],
                version);
            leaf := sha256(decode('00', 'hex') || convert_to(line, 'UTF8'));
            INSERT INTO dripline.events (
                log_id, position, version, occurred_at, recorded_at, charted_at, event, command, stream, type, actor, subject,
                override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry, v)
            VALUES (
                head_id, append.position, append.version, in_occurred_at[1], append.recorded_at, in_charted_at[1], in_event[1],
                in_commands[1], in_stream[1], in_type[1], in_actors[1], in_subject[1], in_override_gate[1], in_override_reason[1],
                in_override_digest[1], in_salt[1], in_payload_digest[1], append.leaf, in_payload[1]::json, line, in_v[1]);
            INSERT INTO dripline.commands (log_id, command, first_position, events)
            VALUES (head_id, in_commands[1], append.position, 1);
            UPDATE dripline.logs l SET size = append.position, recorded_at = append.recorded_at WHERE l.log_id = head_id;
            -- Staff and roles stand on the clinic's stream: who keeps credentials is told. Rare, so that NOTIFY in here holds up nobody.
            IF in_stream[1] = 'clinic' THEN
                PERFORM pg_notify('dripline_credentials', '');
            END IF;
            command := 1;
            outcome := '00000';
            event := in_event[1];
            RETURN NEXT;
            RETURN;
        END IF;
    END IF;

    -- Commands that came before.
    outcomes := array_fill('00000'::text, ARRAY[commands]);
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
        RETURN QUERY
            SELECT o.n::integer, o.outcome, NULL::text, NULL::bigint, NULL::bigint,
                NULL::uuid, NULL::bigint, NULL::bigint, NULL::timestamptz, NULL::bytea
            FROM unnest(outcomes) WITH ORDINALITY AS o (outcome, n) WHERE o.outcome = 'DL002';
    END IF;

    -- Conditions: suppose that all hold, and look for one that then does not. Only if there is one, go command by command.
    IF conditions > 0 AND NOT dripline.all_conditions_hold(
        ARRAY[head_id], array_fill(1, ARRAY[commands]), outcomes, in_condition_command, in_condition_stream, in_condition_version,
        in_event_command, in_stream) THEN
        FOR refused IN SELECT * FROM dripline.judge_conditions(
            head_id, outcomes, in_condition_command, in_condition_stream, in_condition_version, in_event_command, in_stream) LOOP
            outcomes[refused.command] := 'DL001';
            RETURN QUERY SELECT refused.command, 'DL001', refused.stream, refused.expected, refused.actual,
                NULL::uuid, NULL::bigint, NULL::bigint, NULL::timestamptz, NULL::bytea;
        END LOOP;
    END IF;

    -- Whatever is left goes down together; what is not taken is left out of the arrays.
    IF ('00000' = ALL (outcomes)) IS NOT TRUE THEN
        SELECT array_agg(in_event_command[n] ORDER BY n), array_agg(in_event[n] ORDER BY n), array_agg(in_stream[n] ORDER BY n),
            array_agg(in_type[n] ORDER BY n), array_agg(in_occurred_at[n] ORDER BY n), array_agg(in_subject[n] ORDER BY n),
            array_agg(in_override_gate[n] ORDER BY n), array_agg(in_override_reason[n] ORDER BY n),
            array_agg(in_override_digest[n] ORDER BY n), array_agg(in_salt[n] ORDER BY n), array_agg(in_payload[n] ORDER BY n),
            array_agg(in_payload_digest[n] ORDER BY n), array_agg(in_v[n] ORDER BY n), count(*)
        INTO in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason,
            in_override_digest, in_salt, in_payload, in_payload_digest, in_v, events
        FROM generate_series(1, events) AS g (n) WHERE outcomes[in_event_command[n]] = '00000';
        IF events = 0 THEN RETURN; END IF;
    END IF;
    RETURN QUERY
        SELECT in_event_command[(w.position - head_size)::integer], '00000', NULL::text, NULL::bigint, NULL::bigint,
            w.event, w.position, w.version, w.recorded_at, w.leaf
        FROM dripline.write_events(
            ARRAY[head_id], ARRAY[head_size], ARRAY[head_time], ARRAY[in_clinic], ARRAY[in_log], array_fill(1, ARRAY[commands]),
            in_commands, in_actors, in_charted_at, in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject,
            in_override_gate, in_override_reason, in_override_digest, in_salt, in_payload, in_payload_digest, in_v) w;
END
$$;
COMMENT ON FUNCTION dripline.append IS 'The one door into the log: many commands in one call, each with its own outcome.';
