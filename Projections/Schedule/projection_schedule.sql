-- The read model `schedule`: what was booked and what came of it. Whether a patient is missing depends on the hour, so that is left to the views.
CREATE TABLE visits (
    clinic          text        NOT NULL,
    stream          text        NOT NULL,
    session         uuid        NOT NULL,
    patient         uuid,
    plan            uuid,
    number          bigint,
    state           text,
    chair           text,
    scheduled_at    timestamptz,
    scheduled_until timestamptz,
    duration_min    bigint,
    bookings        bigint      NOT NULL,
    booked_at       timestamptz,
    booked_by       text,
    cancelled_at    timestamptz,
    cancelled_by    text,
    cancel_reason   text,
    arrived_at      timestamptz,
    started_at      timestamptz,
    stopped_at      timestamptz,
    discharged_at   timestamptz,
    PRIMARY KEY (clinic, stream)
);

CREATE INDEX visits_by_time ON visits (clinic, scheduled_at);
CREATE INDEX visits_by_chair ON visits (clinic, chair, scheduled_at);

COMMENT ON TABLE visits IS 'One row for each session that exists, with corrections applied.';
COMMENT ON COLUMN visits.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN visits.stream IS 'session/<uuid>.';
COMMENT ON COLUMN visits.session IS 'The uuid of the stream.';
COMMENT ON COLUMN visits.patient IS 'Whose session it is.';
COMMENT ON COLUMN visits.plan IS 'The plan that the booking names.';
COMMENT ON COLUMN visits.number IS 'Its number in the series.';
COMMENT ON COLUMN visits.state IS 'booked, cancelled, arrived, iv_in, infusing, paused, recovering or discharged.';
COMMENT ON COLUMN visits.chair IS 'The chair that it is booked on.';
COMMENT ON COLUMN visits.scheduled_at IS 'When it is booked for; null for a patient who walked in.';
COMMENT ON COLUMN visits.scheduled_until IS 'When the booked time ends.';
COMMENT ON COLUMN visits.duration_min IS 'How long it is booked for, minutes.';
COMMENT ON COLUMN visits.bookings IS 'How often it was booked: more than once when it was moved.';
COMMENT ON COLUMN visits.booked_at IS 'When the booking in force was made.';
COMMENT ON COLUMN visits.booked_by IS 'Who made it: a staff handle.';
COMMENT ON COLUMN visits.cancelled_at IS 'When it was cancelled; null where the patient came all the same.';
COMMENT ON COLUMN visits.cancelled_by IS 'Who charted that: a staff handle.';
COMMENT ON COLUMN visits.cancel_reason IS 'Why. Free text.';
COMMENT ON COLUMN visits.arrived_at IS 'When the patient arrived.';
COMMENT ON COLUMN visits.started_at IS 'The first start of an infusion.';
COMMENT ON COLUMN visits.stopped_at IS 'The end of the last infusion; null while one runs.';
COMMENT ON COLUMN visits.discharged_at IS 'When the patient was discharged.';
