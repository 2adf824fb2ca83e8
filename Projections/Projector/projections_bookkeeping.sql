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
    position   bigint      NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, generation, clinic)
);
COMMENT ON TABLE projections.checkpoints IS 'Up to which position each clinic''s events are in a read model''s tables; written in the same transaction as its rows.';

CREATE TABLE IF NOT EXISTS projections.rebuild_chunks (
    name         text    NOT NULL,
    clinic       text    NOT NULL,
    number       integer NOT NULL,
    first_stream text    NOT NULL,
    last_stream  text    NOT NULL,
    events       bigint  NOT NULL,
    done         boolean NOT NULL DEFAULT false,
    PRIMARY KEY (name, clinic, number)
);
COMMENT ON TABLE projections.rebuild_chunks IS 'The work of a rebuild under way: ranges of streams, each folded in one transaction. A killed rebuild goes on with those not done.';

GRANT USAGE ON SCHEMA projections TO dripline_service, dripline_reporting;
GRANT SELECT ON ALL TABLES IN SCHEMA projections TO dripline_service, dripline_reporting;
