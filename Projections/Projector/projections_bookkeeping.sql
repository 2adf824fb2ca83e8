-- What the projector knows of its read models. Run by dripline_projector, which owns all of it; may be run again.
CREATE SCHEMA IF NOT EXISTS projections;
COMMENT ON SCHEMA projections IS 'Bookkeeping of the read models: where each stands, and rebuilds under way.';

CREATE TABLE IF NOT EXISTS projections.models (
    name       text        NOT NULL PRIMARY KEY,
    version    integer     NOT NULL,
    built_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    reporting  text
);
COMMENT ON TABLE projections.models IS 'Each read model that serves, the version of its fold and tables, when it was built or rebuilt, and the MD5 of the definition of its views.';

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

-- A database from before several read models were rebuilt together: a rebuild that was stopped there starts over.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = to_regclass('projections.rebuild_chunks') AND attname = 'first_stream' AND NOT attisdropped) THEN
        DROP TABLE projections.rebuild_chunks;
    END IF;
END
$$;

CREATE TABLE IF NOT EXISTS projections.rebuild_chunks (
    name    text    NOT NULL,
    clinic  text    NOT NULL,
    log     text    NOT NULL DEFAULT 'record' CHECK (log IN ('record', 'access')),
    number  integer NOT NULL,
    streams text[]  NOT NULL,
    events  bigint  NOT NULL,
    done    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (name, clinic, log, number)
);
COMMENT ON TABLE projections.rebuild_chunks IS 'The work of a rebuild under way, by the names of the read models that it brings: streams that are folded in one transaction. A killed rebuild goes on with those not done.';

CREATE TABLE IF NOT EXISTS projections.rebuild_indexes (
    name      text    NOT NULL,
    number    integer NOT NULL,
    statement text    NOT NULL,
    PRIMARY KEY (name, number)
);
COMMENT ON TABLE projections.rebuild_indexes IS 'Keys and indexes of a read model that is being rebuilt, made once its rows are there; a row goes when its index stands.';

-- A database from before the views for reports.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'projections.models'::regclass AND attname = 'reporting' AND NOT attisdropped) THEN
        ALTER TABLE projections.models ADD COLUMN reporting text;
    END IF;
END
$$;

-- A database from before the access log: what is there is of the record. Looked up first, because ALTER TABLE would wait for every reader.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'projections.checkpoints'::regclass AND attname = 'log' AND NOT attisdropped) THEN
        ALTER TABLE projections.checkpoints ADD COLUMN log text NOT NULL DEFAULT 'record' CHECK (log IN ('record', 'access')),
            DROP CONSTRAINT checkpoints_pkey, ADD PRIMARY KEY (name, generation, clinic, log);
    END IF;
END
$$;

-- Reports read views and nothing else.
CREATE SCHEMA IF NOT EXISTS reporting;
COMMENT ON SCHEMA reporting IS 'Views for reports, over the read models. Each names patients by id only, unless its own name says otherwise.';
GRANT USAGE ON SCHEMA reporting TO dripline_reporting;
-- Who owns the views, and reads for them: the row-level security of the tables holds it. See dripline.reporting_clinics.
GRANT USAGE, CREATE ON SCHEMA reporting TO dripline_reports;
GRANT USAGE ON SCHEMA projections TO dripline_reports;
GRANT SELECT ON projections.models, projections.checkpoints TO dripline_reports;
REVOKE ALL ON ALL TABLES IN SCHEMA projections FROM dripline_reporting;
REVOKE ALL ON SCHEMA projections FROM dripline_reporting;

DO $$
BEGIN
    -- Looked up first, because replacing it would wait for every reader.
    IF to_regclass('reporting.read_models') IS NULL THEN
        CREATE VIEW reporting.read_models AS
        SELECT c.clinic, c.updated_at, m.name AS read_model, c.log, c.position, m.version, m.built_at
        FROM projections.models m JOIN projections.checkpoints c ON c.name = m.name AND c.generation = 'serving';
        COMMENT ON VIEW reporting.read_models IS 'How far the tables behind the views are, so that a report can say what it rests on.';
        COMMENT ON COLUMN reporting.read_models.clinic IS 'The clinic.';
        COMMENT ON COLUMN reporting.read_models.updated_at IS 'When the last event was folded in.';
        COMMENT ON COLUMN reporting.read_models.read_model IS 'The read model.';
        COMMENT ON COLUMN reporting.read_models.log IS 'Which of the clinic''s logs: record or access.';
        COMMENT ON COLUMN reporting.read_models.position IS 'The position of that log up to which the tables are.';
        COMMENT ON COLUMN reporting.read_models.version IS 'The version of the fold and the tables.';
        COMMENT ON COLUMN reporting.read_models.built_at IS 'When the tables were built or rebuilt.';
        GRANT SELECT ON reporting.read_models TO dripline_reporting;
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE oid = 'reporting.read_models'::regclass AND relowner <> 'dripline_reports'::regrole) THEN
        ALTER VIEW reporting.read_models OWNER TO dripline_reports;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = 'projections.checkpoints'::regclass AND relrowsecurity) THEN
        DROP POLICY IF EXISTS service_sees_all ON projections.checkpoints;
        DROP POLICY IF EXISTS reports_by_clinic ON projections.checkpoints;
        CREATE POLICY service_sees_all ON projections.checkpoints FOR SELECT TO dripline_service USING (true);
        CREATE POLICY reports_by_clinic ON projections.checkpoints FOR SELECT TO dripline_reports
            USING (clinic = ANY ((SELECT dripline.reported_clinics())::text[]));
        ALTER TABLE projections.checkpoints ENABLE ROW LEVEL SECURITY;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA projections TO dripline_service;
GRANT SELECT ON ALL TABLES IN SCHEMA projections TO dripline_service;
