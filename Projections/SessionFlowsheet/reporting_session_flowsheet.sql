-- Views for reports over `session_flowsheet`: what counts, without what was voided, in the units that people report in.
CREATE OR REPLACE VIEW reporting.vitals AS
SELECT clinic, occurred_at AS taken_at, split_part(stream, '/', 2)::uuid AS session, patient, phase, source, actor,
    round(rate_ug_per_h / 1000.0, 3) AS rate_mg_per_h, heart_rate, systolic_mmhg, diastolic_mmhg, map_mmhg, spo2_percent, respiratory_rate,
    etco2_mmhg, temperature_c, pain_nrs, moaas, rass, oxygen_l_per_min, amended
FROM session_flowsheet.vitals WHERE NOT voided;

COMMENT ON VIEW reporting.vitals IS 'Every set of vitals that is not voided, with the values in force.';
COMMENT ON COLUMN reporting.vitals.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.vitals.taken_at IS 'When they were taken.';
COMMENT ON COLUMN reporting.vitals.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.vitals.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.vitals.phase IS 'baseline, infusion, recovery or discharge.';
COMMENT ON COLUMN reporting.vitals.source IS 'manual or device.';
COMMENT ON COLUMN reporting.vitals.actor IS 'Who charted them: a staff handle.';
COMMENT ON COLUMN reporting.vitals.rate_mg_per_h IS 'The charted infusion rate at that time, mg/h; null when none ran.';
COMMENT ON COLUMN reporting.vitals.heart_rate IS 'Beats a minute.';
COMMENT ON COLUMN reporting.vitals.systolic_mmhg IS 'Systolic blood pressure, mmHg.';
COMMENT ON COLUMN reporting.vitals.diastolic_mmhg IS 'Diastolic blood pressure, mmHg.';
COMMENT ON COLUMN reporting.vitals.map_mmhg IS 'Mean arterial pressure, mmHg.';
COMMENT ON COLUMN reporting.vitals.spo2_percent IS 'Oxygen saturation, %.';
COMMENT ON COLUMN reporting.vitals.respiratory_rate IS 'Breaths a minute.';
COMMENT ON COLUMN reporting.vitals.etco2_mmhg IS 'End-tidal carbon dioxide, mmHg.';
COMMENT ON COLUMN reporting.vitals.temperature_c IS 'Degrees Celsius.';
COMMENT ON COLUMN reporting.vitals.pain_nrs IS 'Pain, 0 to 10.';
COMMENT ON COLUMN reporting.vitals.moaas IS 'MOAA/S, 0 to 5.';
COMMENT ON COLUMN reporting.vitals.rass IS 'RASS, -5 to 4.';
COMMENT ON COLUMN reporting.vitals.oxygen_l_per_min IS 'Oxygen given, L/min.';
COMMENT ON COLUMN reporting.vitals.amended IS 'Whether the values were amended since they were charted.';

CREATE OR REPLACE VIEW reporting.dose_segments AS
SELECT clinic, from_at, to_at, split_part(stream, '/', 2)::uuid AS session, patient, run, round(rate_ug_per_h / 1000.0, 3) AS rate_mg_per_h,
    round(given_ug / 1000.0, 3) AS given_mg, actor, ordered_by, reason
FROM session_flowsheet.dose_segments;

COMMENT ON VIEW reporting.dose_segments IS 'The charted rates of each infusion, one after another; a pause has rate 0.';
COMMENT ON COLUMN reporting.dose_segments.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.dose_segments.from_at IS 'When the rate was set.';
COMMENT ON COLUMN reporting.dose_segments.to_at IS 'When it ended; null while it is in force.';
COMMENT ON COLUMN reporting.dose_segments.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.dose_segments.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.dose_segments.run IS 'The infusion within the session, from 1.';
COMMENT ON COLUMN reporting.dose_segments.rate_mg_per_h IS 'mg/h.';
COMMENT ON COLUMN reporting.dose_segments.given_mg IS 'Given at this rate, mg; up to the last fact while it is in force.';
COMMENT ON COLUMN reporting.dose_segments.actor IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN reporting.dose_segments.ordered_by IS 'Who ordered it: a staff handle.';
COMMENT ON COLUMN reporting.dose_segments.reason IS 'Why it was adjusted; null for a start.';

CREATE OR REPLACE VIEW reporting.boluses AS
SELECT clinic, given_at, split_part(stream, '/', 2)::uuid AS session, patient, run, round(dose_ug / 1000.0, 3) AS dose_mg, actor, ordered_by
FROM session_flowsheet.boluses;

COMMENT ON VIEW reporting.boluses IS 'Boluses given.';
COMMENT ON COLUMN reporting.boluses.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.boluses.given_at IS 'When it was given.';
COMMENT ON COLUMN reporting.boluses.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.boluses.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.boluses.run IS 'The infusion within the session, from 1.';
COMMENT ON COLUMN reporting.boluses.dose_mg IS 'mg.';
COMMENT ON COLUMN reporting.boluses.actor IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN reporting.boluses.ordered_by IS 'Who ordered it: a staff handle.';

CREATE OR REPLACE VIEW reporting.side_effects AS
SELECT clinic, observed_at, split_part(stream, '/', 2)::uuid AS session, patient, effect, grade, relatedness, action, onset_at, resolved_at,
    round((extract(epoch FROM resolved_at - coalesce(onset_at, observed_at)) / 60)::numeric, 1) AS lasted_min, actor, resolved_by, amended
FROM session_flowsheet.side_effects WHERE NOT voided;

COMMENT ON VIEW reporting.side_effects IS 'Every side effect that is not voided, with the values in force.';
COMMENT ON COLUMN reporting.side_effects.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.side_effects.observed_at IS 'When it was observed.';
COMMENT ON COLUMN reporting.side_effects.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.side_effects.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.side_effects.effect IS 'Which, e.g. dissociation.';
COMMENT ON COLUMN reporting.side_effects.grade IS 'CTCAE grade, 1 to 5.';
COMMENT ON COLUMN reporting.side_effects.relatedness IS 'unrelated, possible, probable or definite.';
COMMENT ON COLUMN reporting.side_effects.action IS 'none, slowed, paused, stopped, medication, oxygen or other.';
COMMENT ON COLUMN reporting.side_effects.onset_at IS 'When it began, where that is charted.';
COMMENT ON COLUMN reporting.side_effects.resolved_at IS 'When it was charted as resolved; null while it is open.';
COMMENT ON COLUMN reporting.side_effects.lasted_min IS 'From its onset, else its observation, until it was resolved, minutes; null while it is open.';
COMMENT ON COLUMN reporting.side_effects.actor IS 'Who observed it: a staff handle.';
COMMENT ON COLUMN reporting.side_effects.resolved_by IS 'Who charted that it was resolved: a staff handle.';
COMMENT ON COLUMN reporting.side_effects.amended IS 'Whether it was amended since it was charted.';
