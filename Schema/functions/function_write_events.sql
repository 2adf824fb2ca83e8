-- Writes the events of commands that were judged, registers the commands and moves the heads: one statement for any number of logs.
-- The heads are locked by the caller, dripline.append or dripline.append_many, and nobody else may call it.
--
-- The arrays are those of dripline.append, but that a command names its log:
--   in_head, in_size, in_time   the number of each log, its size and its last recorded_at, by the log's place from 1; NULL for one that is left out
--   in_clinic, in_log           the name of each
--   in_place                    the place of each command's log
CREATE OR REPLACE FUNCTION dripline.write_events(
    in_head            integer[],
    in_size            bigint[],
    in_time            timestamptz[],
    in_clinic          text[],
    in_log             text[],
    in_place           integer[],
    in_commands        uuid[],
    in_actors          text[],
    in_charted_at      timestamptz[],
    in_event_command   integer[],
    in_event           uuid[],
    in_stream          text[],
    in_type            text[],
    in_occurred_at     timestamptz[],
    in_subject         text[],
    in_override_gate   text[],
    in_override_reason text[],
    in_override_digest bytea[],
    in_salt            bytea[],
    in_payload         text[],
    in_payload_digest  bytea[],
    in_v               smallint[]
) RETURNS TABLE (event uuid, "position" bigint, version bigint, recorded_at timestamptz, leaf bytea)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    -- The time is taken under the locks, so it never decreases along a log.
    now constant timestamptz := clock_timestamp();
BEGIN
    RETURN QUERY
        WITH written AS (
            INSERT INTO dripline.events AS e (
                log_id, position, version, occurred_at, recorded_at, charted_at, event, command, stream, type, actor, subject,
                override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry, v)
            SELECT in_head[w.l], w.position, w.version, in_occurred_at[w.n], w.stamp, in_charted_at[w.c], in_event[w.n], in_commands[w.c],
                in_stream[w.n], in_type[w.n], in_actors[w.c], in_subject[w.n], in_override_gate[w.n], in_override_reason[w.n],
                in_override_digest[w.n], in_salt[w.n], in_payload_digest[w.n], sha256(decode('00', 'hex') || convert_to(w.entry, 'UTF8')),
                in_payload[w.n]::json, w.entry, in_v[w.n]
            FROM (
                SELECT p.n, p.c, p.l, p.position, p.version, p.stamp, dripline.entry(
                    in_actors[p.c], in_charted_at[p.c], in_clinic[p.l], in_commands[p.c], in_event[p.n], in_log[p.l], in_occurred_at[p.n],
                    in_override_gate[p.n], in_override_digest[p.n], in_payload_digest[p.n], p.position, p.stamp, in_stream[p.n],
                    in_subject[p.n], in_type[p.n], in_v[p.n], p.version) AS entry
                FROM (
                    SELECT s.n, s.c, s.l, greatest(now, in_time[s.l]) AS stamp,
                        in_size[s.l] + row_number() OVER (PARTITION BY s.l ORDER BY s.n) AS position,
                        s.place + max(CASE WHEN s.place = 1 THEN coalesce((
                            SELECT e.version FROM dripline.events e
                            WHERE e.log_id = in_head[s.l] AND e.stream = s.stream COLLATE "default" ORDER BY e.version DESC LIMIT 1), 0)
                        END) OVER (PARTITION BY s.l, s.stream) AS version -- each stream is looked up once
                    FROM (
                        SELECT s.*, row_number() OVER (PARTITION BY s.l, s.stream ORDER BY s.n) AS place
                        FROM (
                            SELECT g.n, in_event_command[g.n] AS c, in_place[in_event_command[g.n]] AS l, in_stream[g.n] COLLATE "C" AS stream
                            FROM generate_series(1, cardinality(in_event)) AS g (n) OFFSET 0
                        ) s
                        WHERE in_head[s.l] IS NOT NULL
                    ) s
                ) p
                OFFSET 0 -- the entry is made once, and used twice
            ) w
            RETURNING e.log_id, e.command, e.event, e.position, e.version, e.recorded_at, e.leaf
        ), registered AS (
            INSERT INTO dripline.commands (log_id, command, first_position, events)
            SELECT w.log_id, w.command, min(w.position), count(*) FROM written w GROUP BY w.log_id, w.command
        ), moved AS (
            UPDATE dripline.logs l SET size = w.size, recorded_at = w.recorded_at
            FROM (SELECT w.log_id, max(w.position) AS size, max(w.recorded_at) AS recorded_at FROM written w GROUP BY w.log_id) w
            WHERE l.log_id = w.log_id
        )
        SELECT w.event, w.position, w.version, w.recorded_at, w.leaf FROM written w;
    -- Staff and roles stand on the clinic's stream: who keeps credentials is told. Rare, so that NOTIFY in here holds up nobody.
    IF 'clinic' = ANY (in_stream) THEN
        PERFORM pg_notify('dripline_credentials', '');
    END IF;
END
$$;
