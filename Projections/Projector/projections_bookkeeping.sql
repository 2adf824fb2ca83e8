-- What the projector knows of its read models. Run by dripline_projector, which owns all of it; may be run again.
CREATE SCHEMA IF NOT EXISTS projections;
COMMENT ON SCHEMA projections IS 'Bookkeeping of the read models: where each stands, and rebuilds under way.';

CREATE TABLE IF NOT EXISTS projections.models (
    name       text        NOT NULL PRIMARY KEY,
    version    integer     NOT NULL,
    built_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE projections.models IS 'Each read model that serves, the version of its fold and tables, and when it was built or rebuilt.';

CREATE TABLE IF NOT EXISTS projections.checkpoints (
    name       text        NOT NULL,
    generation text        NOT NULL CHECK (generation IN ('serving', 'next')),
    clinic     text        NOT NULL,
    log        text        NOT NULL DEFAULT 'record' CHECK (log IN ('record', 'access')),
    position   bigint      NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, generation, clinic, log)
);
COMMENT ON TABLE projections.checkpoints IS 'Up to which position each of a clinic''s logs is in a read model''s tables; written in the same transaction as its rows.';

CREATE TABLE IF NOT EXISTS projections.rebuild_chunks (
    name         text    NOT NULL,
    clinic       text    NOT NULL,
    log          text    NOT NULL DEFAULT 'record' CHECK (log IN ('record', 'access')),
    number       integer NOT NULL,
    first_stream text    NOT NULL,
    last_stream  text    NOT NULL,
    events       bigint  NOT NULL,
    done         boolean NOT NULL DEFAULT false,
    PRIMARY KEY (name, clinic, log, number)
);
COMMENT ON TABLE projections.rebuild_chunks IS 'The work of a rebuild under way: ranges of streams, each folded in one transaction. A killed rebuild goes on with those not done.';

-- A database from before the access log: what is there is of the record. Looked up first, because ALTER TABLE would wait for every reader.
DO $$
DECLARE
    bookkeeping text;
BEGIN
    FOREACH bookkeeping IN ARRAY ARRAY['checkpoints', 'rebuild_chunks'] LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = format('projections.%I', bookkeeping)::regclass AND attname = 'log' AND NOT attisdropped);
        EXECUTE format($sql$
            ALTER TABLE projections.%1$I ADD COLUMN log text NOT NULL DEFAULT 'record' CHECK (log IN ('record', 'access')),
                DROP CONSTRAINT %2$I, ADD PRIMARY KEY (%3$s)
            $sql$, bookkeeping, bookkeeping || '_pkey',
            CASE bookkeeping WHEN 'checkpoints' THEN 'name, generation, clinic, log' ELSE 'name, clinic, log, number' END);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA projections TO dripline_service;
GRANT SELECT ON ALL TABLES IN SCHEMA projections TO dripline_service;
