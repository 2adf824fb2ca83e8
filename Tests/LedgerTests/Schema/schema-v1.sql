-- The log's schema as version 1 made it, frozen: a test builds a database with it and migrates it. Never to be changed.

-- The roles of a Dripline database. None can log in: grant them to the logins of the service.
--
--   dripline_owner      owns the log; nobody is a member but whoever migrates
--   dripline_service    may read the log and append through dripline.append, nothing more
--   dripline_projector  the same, and owns the read models
--   dripline_reporting  may read the read models
--
-- Roles belong to the whole server, so two databases may be prepared at once: losing that race is no error.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['dripline_owner', 'dripline_service', 'dripline_projector', 'dripline_reporting'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    IF NOT pg_has_role('dripline_projector', 'dripline_service', 'MEMBER') THEN
        BEGIN
            GRANT dripline_service TO dripline_projector;
        EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN
            NULL; -- another database's migration granted it at this moment
        END;
    END IF;
    -- A migration that is no superuser needs the membership to hand the log over to its owner.
    IF NOT pg_has_role(current_user, 'dripline_owner', 'MEMBER') THEN
        GRANT dripline_owner TO CURRENT_USER;
    END IF;
END
$$;

-- The log's schema. Nothing in it is reachable unless privileges/ says so.
CREATE SCHEMA IF NOT EXISTS dripline AUTHORIZATION dripline_owner;
REVOKE ALL ON SCHEMA dripline FROM PUBLIC;

-- Which version of this schema the database holds: one row a migration.
CREATE TABLE IF NOT EXISTS dripline.schema_version (
    version    integer     NOT NULL PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE dripline.schema_version IS 'One row for each migration applied to this database; the highest is in force.';

-- The head of each log. Its row is the lock that orders a clinic's appends: held from append until commit,
-- so position order is commit order and no reader ever sees a gap.
CREATE TABLE IF NOT EXISTS dripline.logs (
    log_id      integer     NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic      text        NOT NULL CHECK (clinic ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    log         text        NOT NULL CHECK (log IN ('record', 'access')),
    size        bigint      NOT NULL DEFAULT 0 CHECK (size >= 0),
    recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (clinic, log)
) WITH (fillfactor = 20); -- updated by every append: leave room on the page, so that no index is touched
COMMENT ON TABLE dripline.logs IS 'One row for each log: its last position (size) and the last recorded_at. Only dripline.append writes it.';

-- The log: one row an event, never changed. The entry is the Merkle leaf; the columns repeat what queries need of it,
-- and `dripline verify` holds the two against each other.
CREATE TABLE IF NOT EXISTS dripline.events (
    log_id          integer     NOT NULL REFERENCES dripline.logs,
    position        bigint      NOT NULL CHECK (position > 0),
    version         bigint      NOT NULL CHECK (version > 0),
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
    payload_digest  bytea       NOT NULL CHECK (octet_length(payload_digest) = 32),
    leaf            bytea       NOT NULL CHECK (octet_length(leaf) = 32),
    payload         json,
    entry           text        NOT NULL CHECK (octet_length(entry) <= 65535),
    PRIMARY KEY (log_id, position),
    CHECK ((override_gate IS NULL) = (override_digest IS NULL)),
    CHECK ((payload IS NULL) = (salt IS NULL)),
    CHECK (octet_length(salt) = 32)
);
CREATE UNIQUE INDEX IF NOT EXISTS events_stream ON dripline.events (log_id, stream, version);
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
COMMENT ON COLUMN dripline.events.leaf IS 'SHA-256(0x00 || entry), RFC 6962.';

-- Every command that was taken in, so that a repeated one answers with its first result.
CREATE TABLE IF NOT EXISTS dripline.commands (
    log_id         integer NOT NULL REFERENCES dripline.logs,
    command        uuid    NOT NULL,
    first_position bigint  NOT NULL,
    events         integer NOT NULL CHECK (events > 0),
    PRIMARY KEY (log_id, command)
);
COMMENT ON TABLE dripline.commands IS 'Idempotency: the positions that each command''s events were given.';

-- Trigger: no row of the log is ever changed or removed, by anybody, in any replication role.
CREATE OR REPLACE FUNCTION dripline.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'The log is append-only: % on %.% is refused.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'DL009', HINT = 'Record an EventAmended or EventVoided instead.';
END
$$;

-- Trigger on dripline.logs: a head moves forward and keeps its name.
CREATE OR REPLACE FUNCTION dripline.refuse_rewind() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.clinic <> OLD.clinic OR NEW.log <> OLD.log
        OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at THEN
        RAISE EXCEPTION 'A log''s head only moves forward: UPDATE on dripline.logs is refused.' USING ERRCODE = 'DL009';
    END IF;
    RETURN NEW;
END
$$;

-- Refuses (DL003) a call of dripline.append whose arrays do not fit together, or whose names would not be safe inside an entry.
-- The message says which argument and which element, never what stands there.
CREATE OR REPLACE FUNCTION dripline.check_append(
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
    in_payload_digest    bytea[]
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    maximum_events constant integer := 10000;
    maximum_bytes  constant integer := 1048576;
    maximum_reason constant integer := 65536;
    first_time     constant timestamptz := '0001-01-01T00:00:00Z'; -- what an entry can write as a year of four digits
    end_of_time    constant timestamptz := '10000-01-01T00:00:00Z';
    stream_form    constant text := '^[a-z][a-z0-9_]{0,31}(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$';
    commands       constant integer := cardinality(in_commands);
    events         constant integer := cardinality(in_event);
    wrong          text;
BEGIN
    wrong := CASE
        WHEN coalesce(commands, 0) = 0 THEN 'in_commands is empty'
        WHEN coalesce(events, 0) = 0 THEN 'in_event is empty'
        WHEN events > maximum_events THEN format('in_event holds %s events; at most %s in one call', events, maximum_events)
        WHEN cardinality(in_actors) IS DISTINCT FROM commands OR cardinality(in_charted_at) IS DISTINCT FROM commands
            THEN 'in_commands, in_actors and in_charted_at are not of one length'
        WHEN (SELECT bool_and(a.dimensions = '[1:' || a.length || ']') FROM (VALUES
                (array_dims(in_commands), commands), (array_dims(in_actors), commands), (array_dims(in_charted_at), commands),
                (array_dims(in_event_command), cardinality(in_event_command))) AS a (dimensions, length)) IS FALSE
            THEN 'in_commands, in_actors, in_charted_at and in_event_command must count from 1, in one dimension'
        WHEN in_condition_command IS NULL OR cardinality(in_condition_stream) IS DISTINCT FROM cardinality(in_condition_command)
            OR cardinality(in_condition_version) IS DISTINCT FROM cardinality(in_condition_command)
            THEN 'the in_condition arrays are not of one length'
        WHEN (SELECT count(*) FROM unnest(ARRAY[
                cardinality(in_event_command), cardinality(in_stream), cardinality(in_type), cardinality(in_occurred_at),
                cardinality(in_subject), cardinality(in_override_gate), cardinality(in_override_reason),
                cardinality(in_override_digest), cardinality(in_salt), cardinality(in_payload), cardinality(in_payload_digest)
            ]) AS a (length) WHERE a.length IS DISTINCT FROM events) > 0
            THEN 'the arrays of the events are not of one length'
        WHEN (SELECT count(DISTINCT c) FROM unnest(in_commands) AS u (c)) <> commands
            THEN 'in_commands holds a NULL, or one command twice'
    END;
    IF wrong IS NULL THEN
        SELECT CASE WHEN (a.actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') IS NOT TRUE THEN format('in_actors[%s] is not a staff handle', a.n)
            ELSE format('in_charted_at[%s] is not a time of the years 1 to 9999', a.n) END INTO wrong
        FROM unnest(in_actors, in_charted_at) WITH ORDINALITY AS a (actor, charted_at, n)
        WHERE (a.actor ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$') IS NOT TRUE OR a.charted_at < first_time OR a.charted_at >= end_of_time
        LIMIT 1;
    END IF;
    IF wrong IS NULL THEN
        SELECT format('condition %s needs a command of this call, a stream and a version', c.n) INTO wrong
        FROM unnest(in_condition_command, in_condition_stream, in_condition_version) WITH ORDINALITY AS c (command, stream, version, n)
        WHERE (c.command BETWEEN 1 AND commands AND c.stream ~ stream_form AND c.version >= 0) IS NOT TRUE LIMIT 1;
    END IF;
    IF wrong IS NULL THEN
        SELECT format('event %s: %s', e.n, e.wrong) INTO wrong FROM (
            SELECT u.n, CASE
                WHEN (u.command BETWEEN 1 AND commands) IS NOT TRUE THEN 'no such command'
                WHEN u.command < lag(u.command, 1, 1) OVER (ORDER BY u.n) OR u.command > 1 + lag(u.command, 1, 0) OVER (ORDER BY u.n)
                    THEN 'events must stand in the order of their commands, and no command may be without one'
                WHEN u.event IS NULL THEN 'the id is missing'
                WHEN (u.stream ~ stream_form) IS NOT TRUE THEN 'the stream is not of the form kind or kind/uuid'
                WHEN u.subject !~ stream_form THEN 'the subject is not of the form kind or kind/uuid'
                WHEN (u.type ~ '^[A-Z][A-Za-z0-9]{0,63}$') IS NOT TRUE THEN 'the type is not a name'
                WHEN (u.occurred_at >= first_time AND u.occurred_at < end_of_time) IS NOT TRUE
                    THEN 'occurred_at is missing or not a time of the years 1 to 9999'
                WHEN u.gate !~ '^[a-z][a-z_]{0,63}$' THEN 'the override names no gate'
                WHEN (u.gate IS NULL) <> (u.reason IS NULL) OR (u.gate IS NULL) <> (u.reason_digest IS NULL)
                    THEN 'an override needs gate, reason and digest, all three or none'
                WHEN octet_length(u.reason) NOT BETWEEN 1 AND maximum_reason
                    THEN format('the override''s reason is empty or longer than %s bytes', maximum_reason)
                WHEN octet_length(u.reason_digest) <> 32 THEN 'the override''s digest is not 32 bytes long'
                WHEN (octet_length(u.salt) = 32) IS NOT TRUE THEN 'the salt is not 32 bytes long'
                WHEN (octet_length(u.digest) = 32) IS NOT TRUE THEN 'the payload''s digest is not 32 bytes long'
                WHEN (octet_length(u.payload) <= maximum_bytes) IS NOT TRUE
                    THEN format('the payload is missing or longer than %s bytes', maximum_bytes)
            END AS wrong
            FROM unnest(in_event_command, in_event, in_stream, in_type, in_occurred_at, in_subject, in_override_gate, in_override_reason,
                in_override_digest, in_salt, in_payload, in_payload_digest) WITH ORDINALITY
                AS u (command, event, stream, type, occurred_at, subject, gate, reason, reason_digest, salt, payload, digest, n)
        ) e WHERE e.wrong IS NOT NULL ORDER BY e.n LIMIT 1;
    END IF;
    IF wrong IS NULL AND in_event_command[events] <> commands THEN
        wrong := 'the last command has no event';
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'append: %.', wrong USING ERRCODE = 'DL003';
    END IF;
END
$$;

-- For each command of an append: '00000' when it is new, 'DL000' when it came before with the same content, 'DL002' with other content.
-- Conditions are no content: a command that is decided again after a conflict carries new ones.
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

-- Whether every condition holds, supposing that every command before it is taken. True means: all are taken, by induction over their order.
CREATE OR REPLACE FUNCTION dripline.all_conditions_hold(
    in_log_id            integer,
    in_outcomes          text[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_stream            text[]
) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH candidate AS MATERIALIZED (
        SELECT o.n::integer AS command FROM unnest(in_outcomes) WITH ORDINALITY AS o (outcome, n) WHERE o.outcome = '00000'
    ), step AS (
        SELECT c.stream, c.command, c.version, 0 AS events
        FROM unnest(in_condition_command, in_condition_stream, in_condition_version) AS c (command, stream, version)
        UNION ALL
        SELECT i.stream, i.command, NULL, 1 FROM unnest(in_event_command, in_stream) AS i (command, stream)
    ), judged AS (
        SELECT s.stream, s.version, coalesce(sum(s.events) OVER (
            PARTITION BY s.stream ORDER BY s.command RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM step s JOIN candidate USING (command)
    ), head AS MATERIALIZED (
        SELECT s.stream, coalesce((
            SELECT e.version FROM dripline.events e
            WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0) AS version
        FROM (SELECT DISTINCT c.stream FROM unnest(in_condition_stream) AS c (stream)) s
    )
    SELECT NOT EXISTS (SELECT FROM judged j JOIN head h USING (stream) WHERE j.version <> h.version + j.before)
$$;

-- Goes through the commands in order, as if each came alone, and answers those whose condition does not hold, with the first that fails.
CREATE OR REPLACE FUNCTION dripline.judge_conditions(
    in_log_id            integer,
    in_outcomes          text[],
    in_condition_command integer[],
    in_condition_stream  text[],
    in_condition_version bigint[],
    in_event_command     integer[],
    in_stream            text[]
) RETURNS TABLE (command integer, stream text, expected bigint, actual bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    streams text[];   -- those that a condition names
    heads   bigint[]; -- the version of each, as the commands taken so far leave it
    refused integer := 0;
    step    record;
BEGIN
    SELECT array_agg(s.stream), array_agg(coalesce((
        SELECT e.version FROM dripline.events e
        WHERE e.log_id = in_log_id AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1), 0)) INTO streams, heads
    FROM (SELECT DISTINCT c.stream FROM unnest(in_condition_stream) AS c (stream)) s;

    -- A command's conditions, then its events.
    FOR step IN
        SELECT u.command, n.place::integer AS place, u.expected FROM (
            SELECT c.command, c.stream, c.version AS expected, c.n
            FROM unnest(in_condition_command, in_condition_stream, in_condition_version) WITH ORDINALITY AS c (command, stream, version, n)
            UNION ALL
            SELECT i.command, i.stream, NULL, NULL FROM unnest(in_event_command, in_stream) AS i (command, stream)
        ) u
        JOIN unnest(streams) WITH ORDINALITY AS n (stream, place) ON n.stream = u.stream
        JOIN unnest(in_outcomes) WITH ORDINALITY AS o (outcome, command) ON o.command = u.command AND o.outcome = '00000'
        ORDER BY u.command, u.n NULLS LAST
    LOOP
        CONTINUE WHEN step.command = refused;
        IF step.expected IS NULL THEN
            heads[step.place] := heads[step.place] + 1;
        ELSIF step.expected <> heads[step.place] THEN
            refused := step.command;
            RETURN QUERY SELECT step.command, streams[step.place], step.expected, heads[step.place];
        END IF;
    END LOOP;
END
$$;

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
    in_payload_digest    bytea[]
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
        in_salt, in_payload, in_payload_digest);
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
                in_override_reason, in_override_digest, in_salt, in_payload, in_payload_digest) WITH ORDINALITY
                AS i (command, event, stream, type, occurred_at, subject, override_gate,
                    override_reason, override_digest, salt, payload, payload_digest, n)
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
                '","v":1,"version":', m.version, '}') AS entry
            FROM numbered m
        ), inserted AS (
            INSERT INTO dripline.events AS e (
                log_id, position, version, occurred_at, recorded_at, charted_at, event, command, stream, type, actor, subject,
                override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry)
            SELECT head_id, w.position, w.version, w.occurred_at, stamp, w.charted_at, w.event, w.id,
                w.stream, w.type, w.actor, w.subject, w.override_gate, w.override_reason, w.override_digest,
                w.salt, w.payload_digest, sha256(decode('00', 'hex') || convert_to(w.entry, 'UTF8')), w.payload::json, w.entry
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

-- ENABLE ALWAYS: they fire in every replication role too. Statement triggers, so that even a statement that touches no row is refused.
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dripline.events
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.events ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dripline.commands
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.commands ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON dripline.logs
    FOR EACH STATEMENT EXECUTE FUNCTION dripline.refuse_change();
ALTER TABLE dripline.logs ENABLE ALWAYS TRIGGER append_only;

CREATE OR REPLACE TRIGGER only_forward BEFORE UPDATE ON dripline.logs
    FOR EACH ROW EXECUTE FUNCTION dripline.refuse_rewind();
ALTER TABLE dripline.logs ENABLE ALWAYS TRIGGER only_forward;

-- The clinical log as people read it in psql.
CREATE OR REPLACE VIEW dripline.record AS
SELECT l.clinic, e.position, e.stream, e.version, e.type, e.occurred_at, e.recorded_at, e.charted_at, e.actor, e.subject,
    e.override_gate, e.override_reason, e.payload, e.event, e.command
FROM dripline.events e JOIN dripline.logs l USING (log_id) WHERE l.log = 'record';
COMMENT ON VIEW dripline.record IS 'Every clinical event with its clinic''s name, for reading by hand.';

-- Ownership goes to a role that nobody logs in as; everything else is taken away first, then given by name.
ALTER TABLE dripline.schema_version OWNER TO dripline_owner;
ALTER TABLE dripline.logs OWNER TO dripline_owner;
ALTER TABLE dripline.events OWNER TO dripline_owner;
ALTER TABLE dripline.commands OWNER TO dripline_owner;
ALTER VIEW dripline.record OWNER TO dripline_owner;
ALTER FUNCTION dripline.append OWNER TO dripline_owner;
ALTER FUNCTION dripline.check_append OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_repeats OWNER TO dripline_owner;
ALTER FUNCTION dripline.judge_conditions OWNER TO dripline_owner;
ALTER FUNCTION dripline.all_conditions_hold OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_change OWNER TO dripline_owner;
ALTER FUNCTION dripline.refuse_rewind OWNER TO dripline_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA dripline FROM PUBLIC, dripline_service, dripline_projector, dripline_reporting;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dripline FROM PUBLIC, dripline_service, dripline_projector, dripline_reporting;

GRANT USAGE ON SCHEMA dripline TO dripline_service;
GRANT SELECT ON ALL TABLES IN SCHEMA dripline TO dripline_service;
GRANT EXECUTE ON FUNCTION dripline.append TO dripline_service;

-- Read models live in schemas of their own, which the projector makes.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO dripline_projector', current_database());
END
$$;

INSERT INTO dripline.schema_version (version) VALUES (1);
