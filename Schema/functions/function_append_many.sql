-- The door for commands of several logs: those of all clinics that wait at once go down in one call and one commit.
--
-- The arrays are those of dripline.append, but that in_clinic and in_log name the logs, each once, and in_place says which of them each command is
-- for. It takes only what needs no judging: where a command came before or a condition does not hold it raises DL004, and nothing is written. A log
-- that does not exist yet, or that somebody holds, is left out of the answer. What is not taken here is for dripline.append. DL003 as there.
CREATE OR REPLACE FUNCTION dripline.append_many(
    in_clinic            text[],
    in_log               text[],
    in_place             integer[],
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
) RETURNS TABLE (event uuid, "position" bigint, version bigint, recorded_at timestamptz, leaf bytea)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_sort = off -- in a young table any index is as good to the planner: it must be the one that has the order already
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    commands constant integer := cardinality(in_commands);
    logs     constant integer := cardinality(in_clinic);
    heads    integer[];
    sizes    bigint[];
    times    timestamptz[];
BEGIN
    IF NOT dripline.is_sound_call(
        in_commands, in_actors, in_charted_at, in_condition_command, in_condition_stream, in_condition_version, in_event_command, in_event,
        in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest, in_salt, in_payload,
        in_payload_digest, in_v)
    THEN
        PERFORM dripline.check_append(
            in_commands, in_actors, in_charted_at, in_condition_command, in_condition_stream, in_condition_version, in_event_command,
            in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest, in_salt,
            in_payload, in_payload_digest, in_v);
    END IF;
    IF (logs > 0 AND cardinality(in_log) = logs AND cardinality(in_place) = commands
        AND 1 <= ALL (in_place) AND logs >= ALL (in_place)
        AND (SELECT count(DISTINCT (in_clinic[n], in_log[n])) FROM generate_series(1, logs) AS g (n)) = logs) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'append_many: in_clinic, in_log and in_place do not name a log for each command.' USING ERRCODE = 'DL003';
    END IF;

    -- The head rows order the appends from here to the commit. Nobody is waited for: a log that somebody holds must not hold up the others.
    WITH locked AS MATERIALIZED (
        SELECT l.* FROM generate_series(1, logs) AS g (n)
        JOIN dripline.logs l ON l.clinic = in_clinic[g.n] AND l.log = in_log[g.n] FOR UPDATE OF l SKIP LOCKED
    )
    SELECT array_agg(k.log_id ORDER BY g.n), array_agg(k.size ORDER BY g.n), array_agg(k.recorded_at ORDER BY g.n) INTO heads, sizes, times
    FROM generate_series(1, logs) AS g (n) LEFT JOIN locked k ON k.clinic = in_clinic[g.n] AND k.log = in_log[g.n];
    IF EXISTS (
            SELECT FROM generate_series(1, commands) AS g (n)
            CROSS JOIN LATERAL (
                SELECT FROM dripline.commands k WHERE k.log_id = heads[in_place[g.n]] AND k.command = in_commands[g.n] LIMIT 1
            ) k)
        OR cardinality(in_condition_command) > 0 AND NOT dripline.all_conditions_hold(
            heads, in_place, NULL, in_condition_command, in_condition_stream, in_condition_version, in_event_command, in_stream)
    THEN
        RAISE EXCEPTION 'append_many: some of these commands are to be judged one by one.' USING ERRCODE = 'DL004';
    END IF;
    RETURN QUERY SELECT * FROM dripline.write_events(
        heads, sizes, times, in_clinic, in_log, in_place, in_commands, in_actors, in_charted_at, in_event_command, in_event, in_stream,
        in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason, in_override_digest, in_salt, in_payload,
        in_payload_digest, in_v);
END
$$;
COMMENT ON FUNCTION dripline.append_many IS 'The door for commands of several logs at once, where none of them needs judging.';
