-- The read model `patient_chart`: every patient and every session, to find, to list and to read.
CREATE TABLE patients (
    clinic           text        NOT NULL,
    stream           text        NOT NULL,
    patient          uuid        NOT NULL,
    mrn              text,
    family           text,
    given            text[],
    birth_date       text,
    sex              text,
    diagnosis_code   text,
    candidacy        text,
    plan             uuid,
    plan_sessions    bigint,
    prescriber       text,
    consent          text        NOT NULL CHECK (consent IN ('none', 'signed', 'withdrawn')),
    events           bigint      NOT NULL,
    corrections      bigint      NOT NULL,
    last_position    bigint      NOT NULL,
    last_occurred_at timestamptz,
    document         json        NOT NULL,
    PRIMARY KEY (clinic, stream)
);

CREATE INDEX patients_by_name ON patients (clinic, lower(family));
CREATE INDEX patients_by_mrn ON patients (clinic, mrn);
CREATE INDEX patients_by_id ON patients (clinic, patient);

CREATE TABLE sessions (
    clinic           text        NOT NULL,
    stream           text        NOT NULL,
    session          uuid        NOT NULL,
    patient          uuid,
    number           bigint,
    state            text,
    scheduled_at     timestamptz,
    arrived_at       timestamptz,
    started_at       timestamptz,
    stopped_at       timestamptz,
    discharged_at    timestamptz,
    weight_g         bigint,
    given_ug         bigint,
    side_effects     bigint      NOT NULL,
    worst_grade      bigint,
    events           bigint      NOT NULL,
    corrections      bigint      NOT NULL,
    last_position    bigint      NOT NULL,
    last_occurred_at timestamptz,
    document         json        NOT NULL,
    PRIMARY KEY (clinic, stream)
);

CREATE INDEX sessions_by_patient ON sessions (clinic, patient, scheduled_at);
CREATE INDEX sessions_by_state ON sessions (clinic, state);

COMMENT ON TABLE patients IS 'One row for each patient stream, with corrections applied.';
COMMENT ON COLUMN patients.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN patients.stream IS 'patient/<uuid>.';
COMMENT ON COLUMN patients.patient IS 'The uuid of the stream.';
COMMENT ON COLUMN patients.mrn IS 'Medical record number.';
COMMENT ON COLUMN patients.family IS 'Family name.';
COMMENT ON COLUMN patients.given IS 'Given names, in order.';
COMMENT ON COLUMN patients.birth_date IS 'YYYY-MM-DD.';
COMMENT ON COLUMN patients.sex IS 'male, female, other or unknown.';
COMMENT ON COLUMN patients.diagnosis_code IS 'ICHD-3 code of the last consultation.';
COMMENT ON COLUMN patients.candidacy IS 'What the last consultation decided: candidate, not_candidate or deferred.';
COMMENT ON COLUMN patients.plan IS 'The latest treatment plan.';
COMMENT ON COLUMN patients.plan_sessions IS 'How many sessions it asks for.';
COMMENT ON COLUMN patients.prescriber IS 'Who made it: a staff handle.';
COMMENT ON COLUMN patients.consent IS 'What was last done: none, signed or withdrawn. Whether it is in force depends on the clinic''s forms too.';
COMMENT ON COLUMN patients.events IS 'Facts in force on the stream.';
COMMENT ON COLUMN patients.corrections IS 'Amendments and voidings on the stream.';
COMMENT ON COLUMN patients.last_position IS 'The last position of the log on this stream.';
COMMENT ON COLUMN patients.last_occurred_at IS 'The time of the last fact in force.';
COMMENT ON COLUMN patients.document IS 'The patient''s own part of the chart.';

COMMENT ON TABLE sessions IS 'One row for each session stream, with corrections applied.';
COMMENT ON COLUMN sessions.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN sessions.stream IS 'session/<uuid>.';
COMMENT ON COLUMN sessions.session IS 'The uuid of the stream.';
COMMENT ON COLUMN sessions.patient IS 'Whose session it is.';
COMMENT ON COLUMN sessions.number IS 'Its number in the series.';
COMMENT ON COLUMN sessions.state IS 'booked, cancelled, arrived, iv_in, infusing, paused, recovering or discharged.';
COMMENT ON COLUMN sessions.scheduled_at IS 'When it is booked for.';
COMMENT ON COLUMN sessions.arrived_at IS 'When the patient arrived.';
COMMENT ON COLUMN sessions.started_at IS 'The first start of an infusion.';
COMMENT ON COLUMN sessions.stopped_at IS 'The end of the last infusion; null while one runs.';
COMMENT ON COLUMN sessions.discharged_at IS 'When the patient was discharged.';
COMMENT ON COLUMN sessions.weight_g IS 'Weight on arrival, grams.';
COMMENT ON COLUMN sessions.given_ug IS 'What was given: the integral of the charted rates plus boluses, micrograms; up to the last fact while one runs.';
COMMENT ON COLUMN sessions.side_effects IS 'Side effects observed.';
COMMENT ON COLUMN sessions.worst_grade IS 'The highest CTCAE grade among them; null where there were none.';
COMMENT ON COLUMN sessions.events IS 'Facts in force on the stream.';
COMMENT ON COLUMN sessions.corrections IS 'Amendments and voidings on the stream.';
COMMENT ON COLUMN sessions.last_position IS 'The last position of the log on this stream.';
COMMENT ON COLUMN sessions.last_occurred_at IS 'The time of the last fact in force.';
COMMENT ON COLUMN sessions.document IS 'The session''s part of the chart.';
