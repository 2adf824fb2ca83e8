-- Views for reports over `access_report`. What was voided stays listed, marked: an account of access hides nothing.
CREATE OR REPLACE VIEW reporting.chart_reads AS
SELECT clinic, occurred_at AS read_at, actor, patient, resource, purpose, voided, position
FROM access_report.events WHERE type = 'ChartRead';

COMMENT ON VIEW reporting.chart_reads IS 'Every time that somebody read a chart.';
COMMENT ON COLUMN reporting.chart_reads.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.chart_reads.read_at IS 'When.';
COMMENT ON COLUMN reporting.chart_reads.actor IS 'Who: a staff handle.';
COMMENT ON COLUMN reporting.chart_reads.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.chart_reads.resource IS 'What was read: chart, session/<uuid>, events.';
COMMENT ON COLUMN reporting.chart_reads.purpose IS 'What for.';
COMMENT ON COLUMN reporting.chart_reads.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.chart_reads.position IS 'Its position in the access log.';

CREATE OR REPLACE VIEW reporting.chart_readers AS
SELECT clinic, max(occurred_at) AS last_read_at, patient, actor, count(*) FILTER (WHERE NOT voided) AS reads, min(occurred_at) AS first_read_at,
    count(*) FILTER (WHERE voided) AS voided, array_to_string(array_agg(DISTINCT purpose ORDER BY purpose), '; ') AS purposes
FROM access_report.events WHERE type = 'ChartRead' GROUP BY clinic, patient, actor;

COMMENT ON VIEW reporting.chart_readers IS 'Who read whose chart, how often, and when: one row for each patient and reader.';
COMMENT ON COLUMN reporting.chart_readers.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.chart_readers.last_read_at IS 'The last time.';
COMMENT ON COLUMN reporting.chart_readers.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.chart_readers.actor IS 'Who read: a staff handle.';
COMMENT ON COLUMN reporting.chart_readers.reads IS 'How often, voided ones left out.';
COMMENT ON COLUMN reporting.chart_readers.first_read_at IS 'The first time.';
COMMENT ON COLUMN reporting.chart_readers.voided IS 'Reads that were voided as charted by mistake.';
COMMENT ON COLUMN reporting.chart_readers.purposes IS 'What for, each once.';

CREATE OR REPLACE VIEW reporting.break_glass AS
SELECT clinic, invoked_at, actor, patient, reason, reviewed_at, reviewer, by_another, outcome, note,
    round((extract(epoch FROM reviewed_at - invoked_at) / 86400)::numeric, 2) AS review_days, voided, position
FROM access_report.break_glass;

COMMENT ON VIEW reporting.break_glass IS 'Every emergency access, and what became of its review.';
COMMENT ON COLUMN reporting.break_glass.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.break_glass.invoked_at IS 'When the glass was broken.';
COMMENT ON COLUMN reporting.break_glass.actor IS 'Who broke it: a staff handle.';
COMMENT ON COLUMN reporting.break_glass.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.break_glass.reason IS 'Why, in their words.';
COMMENT ON COLUMN reporting.break_glass.reviewed_at IS 'When it was reviewed; null while it is not.';
COMMENT ON COLUMN reporting.break_glass.reviewer IS 'By whom: a staff handle.';
COMMENT ON COLUMN reporting.break_glass.by_another IS 'Whether the reviewer is somebody else than who broke it.';
COMMENT ON COLUMN reporting.break_glass.outcome IS 'justified or not_justified.';
COMMENT ON COLUMN reporting.break_glass.note IS 'What the reviewer noted.';
COMMENT ON COLUMN reporting.break_glass.review_days IS 'Days from the invocation to the review.';
COMMENT ON COLUMN reporting.break_glass.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.break_glass.position IS 'Its position in the access log.';

CREATE OR REPLACE VIEW reporting.disclosures AS
SELECT clinic, disclosed_at, patient, recipient, recipient_address, description, purpose, actor, amended, voided, position
FROM access_report.disclosures;

COMMENT ON VIEW reporting.disclosures IS 'Every disclosure to somebody outside: the account that a patient may ask for (45 CFR 164.528).';
COMMENT ON COLUMN reporting.disclosures.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.disclosures.disclosed_at IS 'When.';
COMMENT ON COLUMN reporting.disclosures.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.disclosures.recipient IS 'To whom.';
COMMENT ON COLUMN reporting.disclosures.recipient_address IS 'Their address, where it is known.';
COMMENT ON COLUMN reporting.disclosures.description IS 'What was disclosed.';
COMMENT ON COLUMN reporting.disclosures.purpose IS 'What for.';
COMMENT ON COLUMN reporting.disclosures.actor IS 'Who gave it: a staff handle.';
COMMENT ON COLUMN reporting.disclosures.amended IS 'Whether it was amended; these are the values in force.';
COMMENT ON COLUMN reporting.disclosures.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.disclosures.position IS 'Its position in the access log.';

CREATE OR REPLACE VIEW reporting.sign_ins AS
SELECT clinic, occurred_at AS at, actor,
    CASE type WHEN 'SignedIn' THEN 'signed_in' WHEN 'SignedOut' THEN 'signed_out' ELSE 'failed' END AS outcome, detail, voided, position
FROM access_report.events WHERE type IN ('SignedIn', 'SignedOut', 'SignInFailed');

COMMENT ON VIEW reporting.sign_ins IS 'Sign-ins, sign-outs, and attempts in vain.';
COMMENT ON COLUMN reporting.sign_ins.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.sign_ins.at IS 'When.';
COMMENT ON COLUMN reporting.sign_ins.actor IS 'Who: a staff handle, or the name that was tried.';
COMMENT ON COLUMN reporting.sign_ins.outcome IS 'signed_in, signed_out or failed.';
COMMENT ON COLUMN reporting.sign_ins.detail IS 'How, or why.';
COMMENT ON COLUMN reporting.sign_ins.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.sign_ins.position IS 'Its position in the access log.';

CREATE OR REPLACE VIEW reporting.exports AS
SELECT clinic, occurred_at AS exported_at, actor, resource, detail AS format, purpose, patient, voided, position
FROM access_report.events WHERE type = 'ExportMade';

COMMENT ON VIEW reporting.exports IS 'Data that left the system in a file.';
COMMENT ON COLUMN reporting.exports.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.exports.exported_at IS 'When.';
COMMENT ON COLUMN reporting.exports.actor IS 'Who: a staff handle.';
COMMENT ON COLUMN reporting.exports.resource IS 'What was exported.';
COMMENT ON COLUMN reporting.exports.format IS 'In which format.';
COMMENT ON COLUMN reporting.exports.purpose IS 'What for.';
COMMENT ON COLUMN reporting.exports.patient IS 'The one patient that it is about; null where it is about more.';
COMMENT ON COLUMN reporting.exports.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.exports.position IS 'Its position in the access log.';

CREATE OR REPLACE VIEW reporting.denials AS
SELECT clinic, occurred_at AS denied_at, actor, resource, detail AS reason, patient, voided, position
FROM access_report.events WHERE type = 'AccessDenied';

COMMENT ON VIEW reporting.denials IS 'What was asked for and refused.';
COMMENT ON COLUMN reporting.denials.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.denials.denied_at IS 'When.';
COMMENT ON COLUMN reporting.denials.actor IS 'Who: a staff handle.';
COMMENT ON COLUMN reporting.denials.resource IS 'What was asked for.';
COMMENT ON COLUMN reporting.denials.reason IS 'Why it was refused.';
COMMENT ON COLUMN reporting.denials.patient IS 'The patient whose data was asked for, where it was one.';
COMMENT ON COLUMN reporting.denials.voided IS 'Whether it was voided as charted by mistake.';
COMMENT ON COLUMN reporting.denials.position IS 'Its position in the access log.';
