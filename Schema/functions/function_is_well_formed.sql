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
    SELECT dripline.is_in_bounds(in_actor, in_charted_at, in_event, in_type, in_occurred_at, in_override_gate, in_override_reason,
            in_override_digest, in_salt, in_payload, in_payload_digest, in_v)
        AND in_actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'
        AND dripline.is_stream(in_stream)
        AND (in_subject IS NULL OR dripline.is_stream(in_subject))
        AND in_type ~ '^[A-Z][A-Za-z0-9]*$'
        AND (in_override_gate IS NULL OR in_override_gate ~ '^[a-z][a-z_]*$')
$$;
