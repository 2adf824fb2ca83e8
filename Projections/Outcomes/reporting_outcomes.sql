-- Views for reports over the read model `outcomes`. Patients are named by id only.
CREATE OR REPLACE VIEW reporting.outcome_sessions AS
SELECT
    clinic,
    patient,
    session,
    plan,
    number,
    session_at,
    pain_before,
    pain_before_source,
    pain_after,
    pain_after_source,
    relief_percent,
    responder,
    done,
    round(given_ug / 1000.0, 3) AS given_mg,
    round(weight_g / 1000.0, 3) AS weight_kg,
    round(given_ug_per_kg / 1000.0, 3) AS given_mg_per_kg
FROM outcomes.sessions;

COMMENT ON VIEW reporting.outcome_sessions IS 'Each session that took place, with pain before and after, relief and dose.';
COMMENT ON COLUMN reporting.outcome_sessions.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.outcome_sessions.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.outcome_sessions.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.outcome_sessions.plan IS 'The plan that it belongs to: the one that the booking names, else the latest at the time; null where there was none.';
COMMENT ON COLUMN reporting.outcome_sessions.number IS 'Its number in the series, as booked; null for a walk-in.';
COMMENT ON COLUMN reporting.outcome_sessions.session_at IS 'When the patient arrived, else when the first infusion started.';
COMMENT ON COLUMN reporting.outcome_sessions.pain_before IS 'Pain before, numeric rating scale 0 to 10.';
COMMENT ON COLUMN reporting.outcome_sessions.pain_before_source IS 'assessment, or vitals of the phase baseline where there was no assessment.';
COMMENT ON COLUMN reporting.outcome_sessions.pain_after IS 'Pain after, numeric rating scale 0 to 10.';
COMMENT ON COLUMN reporting.outcome_sessions.pain_after_source IS 'vitals: the last after the stop and by the discharge; else follow_up: the first of the session.';
COMMENT ON COLUMN reporting.outcome_sessions.relief_percent IS 'How much of the pain went, %, to three places; below zero where it grew. What the patient reported where a value is missing.';
COMMENT ON COLUMN reporting.outcome_sessions.responder IS 'Whether the relief is at least 30 %; null where it is not known.';
COMMENT ON COLUMN reporting.outcome_sessions.done IS 'Whether an infusion was given and has ended.';
COMMENT ON COLUMN reporting.outcome_sessions.given_mg IS 'Milligrams given; null where no infusion was started.';
COMMENT ON COLUMN reporting.outcome_sessions.weight_kg IS 'Kilograms at arrival.';
COMMENT ON COLUMN reporting.outcome_sessions.given_mg_per_kg IS 'Milligrams given a kilogram, rounded to three places.';

CREATE OR REPLACE VIEW reporting.outcome_burdens AS
SELECT
    clinic,
    patient,
    event,
    charted_at,
    source,
    session,
    days_after,
    pain_nrs,
    relief_percent,
    headache_days,
    migraine_days,
    midas,
    midas_grade,
    hit6,
    hit6_band
FROM outcomes.burdens;

COMMENT ON VIEW reporting.outcome_burdens IS 'Headache burden over time: consultations and follow-ups.';
COMMENT ON COLUMN reporting.outcome_burdens.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.outcome_burdens.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.outcome_burdens.event IS 'The consultation or the follow-up.';
COMMENT ON COLUMN reporting.outcome_burdens.charted_at IS 'When it took place.';
COMMENT ON COLUMN reporting.outcome_burdens.source IS 'consultation (a baseline) or follow_up.';
COMMENT ON COLUMN reporting.outcome_burdens.session IS 'The session that it follows; null for the series as a whole.';
COMMENT ON COLUMN reporting.outcome_burdens.days_after IS 'Of follow-ups: days after the session or the series.';
COMMENT ON COLUMN reporting.outcome_burdens.pain_nrs IS 'Pain, numeric rating scale 0 to 10.';
COMMENT ON COLUMN reporting.outcome_burdens.relief_percent IS 'Relief that the patient reported, %.';
COMMENT ON COLUMN reporting.outcome_burdens.headache_days IS 'Headache days a month.';
COMMENT ON COLUMN reporting.outcome_burdens.migraine_days IS 'Migraine days a month.';
COMMENT ON COLUMN reporting.outcome_burdens.midas IS 'Migraine Disability Assessment, 0 to 270.';
COMMENT ON COLUMN reporting.outcome_burdens.midas_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN reporting.outcome_burdens.hit6 IS 'Headache Impact Test, 36 to 78.';
COMMENT ON COLUMN reporting.outcome_burdens.hit6_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';

CREATE OR REPLACE VIEW reporting.outcome_series AS
SELECT
    clinic,
    patient,
    plan,
    planned_at,
    sessions_planned,
    sessions_done,
    first_session_at,
    last_session_at,
    mean_relief_percent,
    headache_days_before,
    headache_days_after,
    fewer_headache_days_percent,
    migraine_days_before,
    migraine_days_after,
    midas_before,
    midas_before_grade,
    midas_after,
    midas_after_grade,
    hit6_before,
    hit6_before_band,
    hit6_after,
    hit6_after_band,
    responder,
    pain_trend,
    relief_trend
FROM outcomes.series;

COMMENT ON VIEW reporting.outcome_series IS 'What each plan''s series of sessions brought.';
COMMENT ON COLUMN reporting.outcome_series.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.outcome_series.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.outcome_series.plan IS 'The plan''s id.';
COMMENT ON COLUMN reporting.outcome_series.planned_at IS 'When it was made, as it was made last.';
COMMENT ON COLUMN reporting.outcome_series.sessions_planned IS 'Sessions that it foresees.';
COMMENT ON COLUMN reporting.outcome_series.sessions_done IS 'Sessions in which an infusion was given and has ended.';
COMMENT ON COLUMN reporting.outcome_series.first_session_at IS 'When the first session took place.';
COMMENT ON COLUMN reporting.outcome_series.last_session_at IS 'When the last session took place.';
COMMENT ON COLUMN reporting.outcome_series.mean_relief_percent IS 'The mean relief over the sessions of which it is known, %, to three places.';
COMMENT ON COLUMN reporting.outcome_series.headache_days_before IS 'Headache days a month, as last charted by the first session.';
COMMENT ON COLUMN reporting.outcome_series.headache_days_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN reporting.outcome_series.fewer_headache_days_percent IS 'By how much they fell, %, to three places; below zero where they rose.';
COMMENT ON COLUMN reporting.outcome_series.migraine_days_before IS 'Migraine days a month, as last charted by the first session.';
COMMENT ON COLUMN reporting.outcome_series.migraine_days_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN reporting.outcome_series.midas_before IS 'Migraine Disability Assessment, as last charted by the first session.';
COMMENT ON COLUMN reporting.outcome_series.midas_before_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN reporting.outcome_series.midas_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN reporting.outcome_series.midas_after_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN reporting.outcome_series.hit6_before IS 'Headache Impact Test, as last charted by the first session.';
COMMENT ON COLUMN reporting.outcome_series.hit6_before_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';
COMMENT ON COLUMN reporting.outcome_series.hit6_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN reporting.outcome_series.hit6_after_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';
COMMENT ON COLUMN reporting.outcome_series.responder IS 'At least 30 % mean relief, or at least 50 % fewer headache days; null where neither is so and one is not known.';
COMMENT ON COLUMN reporting.outcome_series.pain_trend IS 'Pain before each session: points a session, by least squares over the sessions in their order, to three places; null below two.';
COMMENT ON COLUMN reporting.outcome_series.relief_trend IS 'Relief of each session: percentage points a session, likewise.';

CREATE OR REPLACE VIEW reporting.outcome_months AS
SELECT
    clinic,
    date_trunc('month', first_session_at AT TIME ZONE 'UTC')::date AS month,
    count(*) AS series,
    sum(sessions_planned)::bigint AS sessions_planned,
    sum(sessions_done)::bigint AS sessions_done,
    count(*) FILTER (WHERE responder) AS responders,
    count(*) FILTER (WHERE NOT responder) AS non_responders,
    count(*) FILTER (WHERE responder IS NULL) AS unknown,
    round(avg(mean_relief_percent)::numeric, 3) AS mean_relief_percent,
    round(avg(fewer_headache_days_percent)::numeric, 3) AS mean_fewer_headache_days_percent
FROM outcomes.series
WHERE first_session_at IS NOT NULL
GROUP BY 1, 2;

COMMENT ON VIEW reporting.outcome_months IS 'Series by the month in which they began, with how many responded.';
COMMENT ON COLUMN reporting.outcome_months.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.outcome_months.month IS 'The first day of the month, UTC, in which the first session of the series took place.';
COMMENT ON COLUMN reporting.outcome_months.series IS 'Series that began.';
COMMENT ON COLUMN reporting.outcome_months.sessions_planned IS 'Sessions that their plans foresee.';
COMMENT ON COLUMN reporting.outcome_months.sessions_done IS 'Sessions done of them.';
COMMENT ON COLUMN reporting.outcome_months.responders IS 'Series with a response: at least 30 % mean relief or 50 % fewer headache days.';
COMMENT ON COLUMN reporting.outcome_months.non_responders IS 'Series with neither.';
COMMENT ON COLUMN reporting.outcome_months.unknown IS 'Series of which it is not known.';
COMMENT ON COLUMN reporting.outcome_months.mean_relief_percent IS 'The mean of the series'' mean relief, %.';
COMMENT ON COLUMN reporting.outcome_months.mean_fewer_headache_days_percent IS 'The mean of the fall in headache days, %.';
