-- The log: one row an event, never changed. The entry is the Merkle leaf; the columns repeat what queries need of it,
-- and `dripline verify` holds the two against each other.
-- Lengths, signs and the log's number are checked once, by dripline.append, and found by verify: as constraints they cost a fifth of an append,
-- because PostgreSQL reads a CHECK's expression anew for each statement and looks a foreign key up for each row.
CREATE TABLE IF NOT EXISTS dripline.events (
    log_id          integer     NOT NULL,
    position        bigint      NOT NULL,
    version         bigint      NOT NULL,
    occurred_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    charted_at      timestamptz,
    event           uuid        NOT NULL,
    command         uuid        NOT NULL,
    stream          text        NOT NULL,
    type            text        NOT NULL,
    actor           text        NOT NULL,
    subject         text,
    override_gate   text,
    override_reason text,
    override_digest bytea,
    salt            bytea,
    payload_digest  bytea       NOT NULL,
    leaf            bytea       NOT NULL,
    payload         json,
    entry           text        NOT NULL,
    v               smallint    NOT NULL DEFAULT 1,
    PRIMARY KEY (log_id, position),
    CHECK ((payload IS NULL) = (salt IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS events_stream ON dripline.events (log_id, stream, version);
-- Erasures are few, and each verification reads them all.
CREATE INDEX IF NOT EXISTS events_erasures ON dripline.events (log_id, position) WHERE type = 'PayloadErased';
CREATE INDEX IF NOT EXISTS events_subject ON dripline.events (log_id, subject, position) WHERE subject IS NOT NULL;

COMMENT ON TABLE dripline.events IS 'The append-only log. Written by dripline.append alone; UPDATE, DELETE and TRUNCATE are refused to everyone.';
COMMENT ON COLUMN dripline.events.position IS 'Place in the clinic''s log: 1, 2, 3 … without a gap, in commit order.';
COMMENT ON COLUMN dripline.events.version IS 'Place in the event''s stream: 1, 2, 3 … without a gap.';
COMMENT ON COLUMN dripline.events.occurred_at IS 'When it happened, as its author says.';
COMMENT ON COLUMN dripline.events.recorded_at IS 'When this database took it in; never decreases along the log.';
COMMENT ON COLUMN dripline.events.charted_at IS 'When the source system says it was entered; imports only.';
COMMENT ON COLUMN dripline.events.event IS 'UUID version 5 of (command, ordinal in the command from 0).';
COMMENT ON COLUMN dripline.events.subject IS 'The other stream that this event concerns, e.g. the patient of a session.';
COMMENT ON COLUMN dripline.events.payload IS 'The exact canonical JSON (RFC 8785) of the event''s data; NULL once erased.';
COMMENT ON COLUMN dripline.events.payload_digest IS 'HMAC-SHA256(key: salt, message: payload).';
COMMENT ON COLUMN dripline.events.override_digest IS 'HMAC-SHA256(key: salt, message: override_reason).';
COMMENT ON COLUMN dripline.events.entry IS 'The entry: one line of canonical JSON without clinical content; the Merkle leaf''s bytes.';
COMMENT ON COLUMN dripline.events.v IS 'Version of the type that the payload is written in.';
COMMENT ON COLUMN dripline.events.leaf IS 'SHA-256(0x00 || entry), RFC 6962.';
