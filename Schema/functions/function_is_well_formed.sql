-- Whether an event of a call of dripline.append is well formed, for all that stands in its own row. Only what check_append takes passes here, and
-- whoever fails is judged by it. No bounded repetition in a pattern: PostgreSQL matches those ten times slower.
-- One expression without settings of its own, so that it is inlined where it is called.
CREATE OR REPLACE FUNCTION dripline.is_well_formed(
    in_actor           text,
    in_charted_at      timestamptz,
    in_event           uuid,
    in_stream          text,
    in_type            text,
    in_occurred_at     timestamptz,
    in_subject         text,
    in_override_gate   text,
    in_override_reason text,
    in_override_digest bytea,
    in_salt            bytea,
    in_payload         text,
    in_payload_digest  bytea,
    in_v               smallint
) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$
    SELECT in_event IS NOT NULL
        AND in_actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$' AND octet_length(in_actor) <= 64
        AND (in_charted_at IS NULL OR in_charted_at >= '0001-01-01T00:00:00Z' AND in_charted_at < '10000-01-01T00:00:00Z')
        AND in_occurred_at >= '0001-01-01T00:00:00Z' AND in_occurred_at < '10000-01-01T00:00:00Z'
        AND dripline.is_stream(in_stream)
        AND (in_subject IS NULL OR dripline.is_stream(in_subject))
        AND in_type ~ '^[A-Z][A-Za-z0-9]*$' AND octet_length(in_type) <= 64
        AND octet_length(in_salt) = 32
        AND octet_length(in_payload_digest) = 32
        AND octet_length(in_payload) <= 1048576
        AND in_v >= 1
        AND CASE WHEN in_override_gate IS NULL THEN in_override_reason IS NULL AND in_override_digest IS NULL
            ELSE in_override_gate ~ '^[a-z][a-z_]*$' AND octet_length(in_override_gate) <= 64
                AND octet_length(in_override_reason) BETWEEN 1 AND 65536 AND octet_length(in_override_digest) = 32 END
$$;
