-- Views for reports over `compliance`.
CREATE OR REPLACE VIEW reporting.verdicts AS
SELECT clinic, coalesce(session_at, decided_at) AS judged_at, rule, verdict, sentence, stream, patient, session_number, session_at, decided_at,
    policy_version, rule_set, reconsider_at, deciding_positions
FROM compliance.verdicts;

COMMENT ON VIEW reporting.verdicts IS 'What each rule says of each stream that it judges, as corrected by now. Names no patient.';
COMMENT ON COLUMN reporting.verdicts.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.verdicts.judged_at IS 'The session''s time; for other streams the clinical time that decided; null where nothing happened.';
COMMENT ON COLUMN reporting.verdicts.rule IS 'The id of the rule, e.g. M1.';
COMMENT ON COLUMN reporting.verdicts.verdict IS 'pass, fail, overridden, not_applicable or indeterminate (still open).';
COMMENT ON COLUMN reporting.verdicts.sentence IS 'Why, for people. Times are UTC.';
COMMENT ON COLUMN reporting.verdicts.stream IS 'The stream that is judged, e.g. session/<uuid>.';
COMMENT ON COLUMN reporting.verdicts.patient IS 'The id of the patient concerned; null where there is none.';
COMMENT ON COLUMN reporting.verdicts.session_number IS 'The number of the session in its series.';
COMMENT ON COLUMN reporting.verdicts.session_at IS 'When the patient arrived, else the time that is booked; null for other streams.';
COMMENT ON COLUMN reporting.verdicts.decided_at IS 'The clinical time that decides which policy applies.';
COMMENT ON COLUMN reporting.verdicts.policy_version IS 'The policy in force when it was decided.';
COMMENT ON COLUMN reporting.verdicts.rule_set IS 'The version of the rules.';
COMMENT ON COLUMN reporting.verdicts.reconsider_at IS 'A deadline that is still open: then the verdict may change by the passing of time alone.';
COMMENT ON COLUMN reporting.verdicts.deciding_positions IS 'Positions in the log of the events that it rests on.';
