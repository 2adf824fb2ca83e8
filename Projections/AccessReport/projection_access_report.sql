-- The read model `access_report`: who did what with whose data, from the access log alone.
CREATE TABLE events (
    clinic      text         NOT NULL,
    stream      text         NOT NULL,
    event       uuid         NOT NULL,
    position    bigint       NOT NULL,
    occurred_at timestamptz  NOT NULL,
    recorded_at timestamptz  NOT NULL,
    actor       text         NOT NULL,
    type        text         NOT NULL,
    patient     uuid,
    resource    text,
    purpose     text,
    detail      text,
    amended     boolean      NOT NULL,
    voided      boolean      NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX events_by_patient ON events (clinic, patient, occurred_at);
CREATE INDEX events_by_actor ON events (clinic, actor, occurred_at);

CREATE TABLE break_glass (
    clinic      text         NOT NULL,
    stream      text         NOT NULL,
    event       uuid         NOT NULL,
    position    bigint       NOT NULL,
    invoked_at  timestamptz  NOT NULL,
    actor       text         NOT NULL,
    patient     uuid         NOT NULL,
    reason      text         NOT NULL,
    review      uuid,
    reviewed_at timestamptz,
    reviewer    text,
    outcome     text,
    note        text,
    by_another  boolean,
    amended     boolean      NOT NULL,
    voided      boolean      NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX break_glass_by_time ON break_glass (clinic, invoked_at);

CREATE TABLE disclosures (
    clinic            text         NOT NULL,
    stream            text         NOT NULL,
    event             uuid         NOT NULL,
    position          bigint       NOT NULL,
    disclosed_at      timestamptz  NOT NULL,
    actor             text         NOT NULL,
    patient           uuid         NOT NULL,
    recipient         text         NOT NULL,
    recipient_address text,
    description       text         NOT NULL,
    purpose           text         NOT NULL,
    amended           boolean      NOT NULL,
    voided            boolean      NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX disclosures_by_patient ON disclosures (clinic, patient, disclosed_at);

COMMENT ON TABLE events IS 'Every event of the access log that is no correction, voided ones too.';
COMMENT ON COLUMN events.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN events.stream IS 'access, or access/<uuid>.';
COMMENT ON COLUMN events.event IS 'The event.';
COMMENT ON COLUMN events.position IS 'Its position in the access log.';
COMMENT ON COLUMN events.occurred_at IS 'When it happened.';
COMMENT ON COLUMN events.recorded_at IS 'When the log took it in.';
COMMENT ON COLUMN events.actor IS 'Who: a staff handle, or the name that was tried.';
COMMENT ON COLUMN events.type IS 'The event type: ChartRead, ExportMade, SignedIn, SignedOut, SignInFailed, AccessDenied, BreakGlassInvoked, BreakGlassReviewed or DisclosureMade.';
COMMENT ON COLUMN events.patient IS 'The patient concerned; null where there is none.';
COMMENT ON COLUMN events.resource IS 'What was read, exported or denied.';
COMMENT ON COLUMN events.purpose IS 'What for, where that is said.';
COMMENT ON COLUMN events.detail IS 'The reason, method or format, as the type has it. Free text.';
COMMENT ON COLUMN events.amended IS 'Whether it was amended; these are the values in force.';
COMMENT ON COLUMN events.voided IS 'Whether it was voided as charted by mistake. It stays listed.';

COMMENT ON TABLE break_glass IS 'Every emergency access, with its review.';
COMMENT ON COLUMN break_glass.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN break_glass.stream IS 'access, or access/<uuid>.';
COMMENT ON COLUMN break_glass.event IS 'The invocation.';
COMMENT ON COLUMN break_glass.position IS 'Its position in the access log.';
COMMENT ON COLUMN break_glass.invoked_at IS 'When the glass was broken.';
COMMENT ON COLUMN break_glass.actor IS 'Who broke it: a staff handle.';
COMMENT ON COLUMN break_glass.patient IS 'Whose chart was opened.';
COMMENT ON COLUMN break_glass.reason IS 'Why, in the words of who broke it.';
COMMENT ON COLUMN break_glass.review IS 'The first review by somebody else, or the first of all where only who broke it looked; null while there is none.';
COMMENT ON COLUMN break_glass.reviewed_at IS 'When that was.';
COMMENT ON COLUMN break_glass.reviewer IS 'Who reviewed: a staff handle.';
COMMENT ON COLUMN break_glass.outcome IS 'justified or not_justified.';
COMMENT ON COLUMN break_glass.note IS 'What the reviewer noted.';
COMMENT ON COLUMN break_glass.by_another IS 'Whether the reviewer is somebody else than who broke it; null while there is no review.';
COMMENT ON COLUMN break_glass.amended IS 'Whether the invocation was amended.';
COMMENT ON COLUMN break_glass.voided IS 'Whether it was voided. It stays listed.';

COMMENT ON TABLE disclosures IS 'Every disclosure: the account that a patient may ask for (45 CFR 164.528).';
COMMENT ON COLUMN disclosures.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN disclosures.stream IS 'access, or access/<uuid>.';
COMMENT ON COLUMN disclosures.event IS 'The event.';
COMMENT ON COLUMN disclosures.position IS 'Its position in the access log.';
COMMENT ON COLUMN disclosures.disclosed_at IS 'When.';
COMMENT ON COLUMN disclosures.actor IS 'Who gave it: a staff handle.';
COMMENT ON COLUMN disclosures.patient IS 'Whose data.';
COMMENT ON COLUMN disclosures.recipient IS 'To whom.';
COMMENT ON COLUMN disclosures.recipient_address IS 'Their address, where it is known.';
COMMENT ON COLUMN disclosures.description IS 'What was disclosed.';
COMMENT ON COLUMN disclosures.purpose IS 'What for.';
COMMENT ON COLUMN disclosures.amended IS 'Whether it was amended; these are the values in force.';
COMMENT ON COLUMN disclosures.voided IS 'Whether it was voided. It stays listed.';
