-- Views for reports over `patient_chart`. Patients are known by their id alone; names are in the one view that says so.
CREATE OR REPLACE VIEW reporting.patients AS
SELECT clinic, last_occurred_at AS last_event_at, patient, left(birth_date, 4)::integer AS birth_year, sex, diagnosis_code, candidacy, plan,
    plan_sessions, prescriber, consent
FROM patient_chart.patients;

COMMENT ON VIEW reporting.patients IS 'One row for each patient, by id, without name or date of birth. Corrections are applied.';
COMMENT ON COLUMN reporting.patients.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.patients.last_event_at IS 'The time of the last fact on the patient''s own stream.';
COMMENT ON COLUMN reporting.patients.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.patients.birth_year IS 'The year of birth.';
COMMENT ON COLUMN reporting.patients.sex IS 'male, female, other or unknown.';
COMMENT ON COLUMN reporting.patients.diagnosis_code IS 'ICHD-3 code of the last consultation.';
COMMENT ON COLUMN reporting.patients.candidacy IS 'What the last consultation decided: candidate, not_candidate or deferred.';
COMMENT ON COLUMN reporting.patients.plan IS 'The latest treatment plan.';
COMMENT ON COLUMN reporting.patients.plan_sessions IS 'How many sessions it asks for.';
COMMENT ON COLUMN reporting.patients.prescriber IS 'Who made it: a staff handle.';
COMMENT ON COLUMN reporting.patients.consent IS 'What was last done: none, signed or withdrawn.';

CREATE OR REPLACE VIEW reporting.patient_names AS
SELECT clinic, patient, mrn, family, array_to_string(given, ' ') AS given, birth_date::date AS birth_date FROM patient_chart.patients;

COMMENT ON VIEW reporting.patient_names IS
    'Who the patients are, for the reports that must name them: join it by clinic and patient. The only view with names.';
COMMENT ON COLUMN reporting.patient_names.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.patient_names.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.patient_names.mrn IS 'Medical record number.';
COMMENT ON COLUMN reporting.patient_names.family IS 'Family name.';
COMMENT ON COLUMN reporting.patient_names.given IS 'Given names, in order.';
COMMENT ON COLUMN reporting.patient_names.birth_date IS 'Date of birth.';

CREATE OR REPLACE VIEW reporting.sessions AS
SELECT clinic, coalesce(arrived_at, scheduled_at, last_occurred_at) AS session_at, session, patient, number, state, scheduled_at, arrived_at,
    started_at, stopped_at, discharged_at, round(weight_g / 1000.0, 3) AS weight_kg, round(given_ug / 1000.0, 3) AS given_mg,
    round(given_ug::numeric / nullif(weight_g, 0), 3) AS given_mg_per_kg, side_effects, worst_grade, events, corrections
FROM patient_chart.sessions;

COMMENT ON VIEW reporting.sessions IS 'One row for each session, also those that are only booked or were cancelled. Corrections are applied.';
COMMENT ON COLUMN reporting.sessions.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.sessions.session_at IS 'When it took place: the arrival, else the time that is booked, else the last fact.';
COMMENT ON COLUMN reporting.sessions.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.sessions.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.sessions.number IS 'Its number in the series.';
COMMENT ON COLUMN reporting.sessions.state IS 'booked, cancelled, arrived, iv_in, infusing, paused, recovering or discharged.';
COMMENT ON COLUMN reporting.sessions.scheduled_at IS 'When it is booked for.';
COMMENT ON COLUMN reporting.sessions.arrived_at IS 'When the patient arrived.';
COMMENT ON COLUMN reporting.sessions.started_at IS 'The first start of an infusion.';
COMMENT ON COLUMN reporting.sessions.stopped_at IS 'The end of the last infusion; null while one runs.';
COMMENT ON COLUMN reporting.sessions.discharged_at IS 'When the patient was discharged.';
COMMENT ON COLUMN reporting.sessions.weight_kg IS 'Weight on arrival, kg.';
COMMENT ON COLUMN reporting.sessions.given_mg IS 'What was given by the charted rates and boluses, mg; up to the last fact while an infusion runs.';
COMMENT ON COLUMN reporting.sessions.given_mg_per_kg IS 'The same for each kg of the weight on arrival.';
COMMENT ON COLUMN reporting.sessions.side_effects IS 'Side effects observed.';
COMMENT ON COLUMN reporting.sessions.worst_grade IS 'The highest CTCAE grade among them, 1 to 5; null where there were none.';
COMMENT ON COLUMN reporting.sessions.events IS 'Facts in force.';
COMMENT ON COLUMN reporting.sessions.corrections IS 'Amendments and voidings.';
