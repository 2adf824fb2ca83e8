-- Whether the values of an event of a call of dripline.append are all there and within their bounds; what its names look like is looked at elsewhere, for
-- one event in is_well_formed and for all events of a call at once in is_sound_call.
-- One expression without settings of its own, so that it is inlined where it is called.
CREATE OR REPLACE FUNCTION dripline.is_in_bounds(
    in_actor           text,
    in_charted_at      timestamptz,
    in_event           uuid,
    in_type            text,
    in_occurred_at     timestamptz,
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
        AND octet_length(in_actor) <= 64
        AND (in_charted_at IS NULL OR in_charted_at >= '0001-01-01T00:00:00Z' AND in_charted_at < '10000-01-01T00:00:00Z')
        AND in_occurred_at >= '0001-01-01T00:00:00Z' AND in_occurred_at < '10000-01-01T00:00:00Z'
        AND octet_length(in_type) <= 64
        AND octet_length(in_salt) = 32
        AND octet_length(in_payload_digest) = 32
        AND octet_length(in_payload) <= 1048576
        AND in_v >= 1
        AND CASE WHEN in_override_gate IS NULL THEN in_override_reason IS NULL AND in_override_digest IS NULL
            ELSE octet_length(in_override_gate) BETWEEN 1 AND 64 AND octet_length(in_override_reason) BETWEEN 1 AND 65536
                AND octet_length(in_override_digest) = 32 END
$$;
