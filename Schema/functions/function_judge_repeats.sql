-- For each command of an append: '00000' when it is new, 'DL000' when it came before with the same content, 'DL002' with other content.
-- Conditions are no content: a command that is decided again after a conflict carries new ones. Nor is the version of a type:
-- whoever sends a command again after an upgrade sends the same.
CREATE OR REPLACE FUNCTION dripline.judge_repeats(
    in_log_id          integer,
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
    in_payload         text[]
) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off -- arrays are joined by hash
AS $$
    WITH sent AS (
        SELECT i.*, row_number() OVER (PARTITION BY i.command ORDER BY i.n) - 1 AS ordinal
        FROM unnest(in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason,
            in_payload) WITH ORDINALITY AS i (command, event, stream, type, occurred_at, subject, override_gate, override_reason, payload, n)
    ), known AS (
        SELECT c.n, c.actor, c.charted_at, k.first_position, k.events
        FROM unnest(in_commands, in_actors, in_charted_at) WITH ORDINALITY AS c (command, actor, charted_at, n)
        CROSS JOIN LATERAL (
            SELECT k.first_position, k.events FROM dripline.commands k WHERE k.log_id = in_log_id AND k.command = c.command LIMIT 1
        ) k
    ), judged AS (
        SELECT k.n, count(*) = k.events AND bool_and(
            e.event IS NOT DISTINCT FROM s.event AND e.stream = s.stream AND e.type = s.type AND e.occurred_at = s.occurred_at
            AND e.actor = k.actor AND e.charted_at IS NOT DISTINCT FROM k.charted_at
            AND e.subject IS NOT DISTINCT FROM s.subject
            AND e.override_gate IS NOT DISTINCT FROM s.override_gate
            -- An erased payload took the reason along: what is left must be the same.
            AND (e.payload IS NULL OR (e.payload::text = s.payload AND e.override_reason IS NOT DISTINCT FROM s.override_reason))
        ) AS same
        FROM known k
        JOIN sent s ON s.command = k.n
        LEFT JOIN LATERAL (
            SELECT e.* FROM dripline.events e
            WHERE e.log_id = in_log_id AND e.position = k.first_position + s.ordinal AND s.ordinal < k.events LIMIT 1
        ) e ON true
        GROUP BY k.n, k.events
    )
    SELECT array_agg(CASE WHEN j.same IS NULL AND j.n IS NULL THEN '00000' WHEN j.same THEN 'DL000' ELSE 'DL002' END ORDER BY c.n)
    FROM unnest(in_commands) WITH ORDINALITY AS c (command, n) LEFT JOIN judged j ON j.n = c.n
$$;
