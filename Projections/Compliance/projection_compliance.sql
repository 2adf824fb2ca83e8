-- The read model `compliance`: what the rule set says of every session, patient, vial, clinic and access stream.
CREATE TABLE verdicts (
    clinic             text        NOT NULL,
    stream             text        NOT NULL,
    patient            uuid,
    session_number     bigint,
    session_at         timestamptz,
    rule               text        NOT NULL,
    verdict            text        NOT NULL
        CHECK (verdict IN ('pass', 'fail', 'overridden', 'not_applicable', 'indeterminate')),
    sentence           text        NOT NULL,
    policy_version     text        NOT NULL,
    rule_set           text        NOT NULL,
    deciding_positions bigint[]    NOT NULL,
    deciding_events    uuid[]      NOT NULL,
    deciding           json        NOT NULL,
    decided_at         timestamptz,
    reconsider_at      timestamptz,
    PRIMARY KEY (clinic, stream, rule)
);

CREATE INDEX verdicts_by_verdict ON verdicts (clinic, verdict, rule);
CREATE INDEX verdicts_by_patient ON verdicts (clinic, patient, session_at);
CREATE INDEX verdicts_by_deadline ON verdicts (clinic, reconsider_at) WHERE reconsider_at IS NOT NULL;

COMMENT ON TABLE verdicts IS 'One row for each stream and rule that judges it. Corrections are applied. Names no patient.';
COMMENT ON COLUMN verdicts.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN verdicts.stream IS 'The stream that is judged: session/, patient/ or vial/<uuid>, clinic, access or access/<uuid>.';
COMMENT ON COLUMN verdicts.patient IS 'The patient of the session, or whose stream it is; null for the clinic''s own.';
COMMENT ON COLUMN verdicts.session_number IS 'The number of the session in its series; null where it is not booked, or for other streams.';
COMMENT ON COLUMN verdicts.session_at IS 'When the patient arrived, else the time that is booked; null for other streams.';
COMMENT ON COLUMN verdicts.rule IS 'The id of the rule, e.g. M1.';
COMMENT ON COLUMN verdicts.verdict IS 'pass, fail, overridden (by a prescriber through a gate), not_applicable, or indeterminate (the session is open).';
COMMENT ON COLUMN verdicts.sentence IS 'Why, for people. Times are UTC.';
COMMENT ON COLUMN verdicts.policy_version IS 'The policy in force when it was decided; default before the first one.';
COMMENT ON COLUMN verdicts.rule_set IS 'The version of the rules.';
COMMENT ON COLUMN verdicts.deciding_positions IS 'Positions in the log of the events that it rests on, in order of happening.';
COMMENT ON COLUMN verdicts.deciding_events IS 'The ids of the same events.';
COMMENT ON COLUMN verdicts.deciding IS 'The same events with stream, type, actor and occurred_at.';
COMMENT ON COLUMN verdicts.decided_at IS 'The clinical time that decides which policy applies; null where nothing happened.';
COMMENT ON COLUMN verdicts.reconsider_at IS 'When the passing of time alone may change the verdict: a deadline that is open; null for none.';
