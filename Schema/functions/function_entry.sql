-- The entry of an event: one line of canonical JSON (RFC 8785) without clinical content, the Merkle leaf's bytes.
-- One expression without settings of its own, so that it is inlined where it is called. Its arguments need no escaping: `append` has checked them.
CREATE OR REPLACE FUNCTION dripline.entry(
    in_actor           text,
    in_charted_at      timestamptz,
    in_clinic          text,
    in_command         uuid,
    in_event           uuid,
    in_log             text,
    in_occurred_at     timestamptz,
    in_override_gate   text,
    in_override_digest bytea,
    in_payload_digest  bytea,
    in_position        bigint,
    in_recorded_at     timestamptz,
    in_stream          text,
    in_subject         text,
    in_type            text,
    in_v               smallint,
    in_version         bigint
) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT concat(
        '{"actor":"', in_actor,
        '","charted_at":"' || to_char(in_charted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '","clinic":"', in_clinic,
        '","command":"', in_command,
        '","event":"', in_event,
        '","log":"', in_log,
        '","occurred_at":"', to_char(in_occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"',
        ',"override":{"gate":"' || in_override_gate || '","reason_digest":"' || encode(in_override_digest, 'hex') || '"}',
        ',"payload_digest":"', encode(in_payload_digest, 'hex'),
        '","position":', in_position,
        ',"recorded_at":"', to_char(in_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '","stream":"', in_stream,
        '","subject":"' || in_subject,
        '","type":"', in_type,
        '","v":', in_v,
        ',"version":', in_version, '}')
$$;
