-- Views for reports over `schedule`. Days are those of UTC.
CREATE OR REPLACE VIEW reporting.schedule AS
SELECT clinic, coalesce(scheduled_at, arrived_at) AS at, session, patient, number, chair, state, scheduled_at, duration_min, bookings, arrived_at,
    round((extract(epoch FROM arrived_at - scheduled_at) / 60)::numeric, 1) AS arrival_late_min,
    round((extract(epoch FROM started_at - arrived_at) / 60)::numeric, 1) AS wait_min,
    round((extract(epoch FROM started_at - scheduled_at) / 60)::numeric, 1) AS start_late_min,
    round((extract(epoch FROM stopped_at - started_at) / 60)::numeric, 1) AS infusion_min,
    round((extract(epoch FROM discharged_at - stopped_at) / 60)::numeric, 1) AS recovery_min,
    round((extract(epoch FROM discharged_at - arrived_at) / 60)::numeric, 1) AS stay_min
FROM schedule.visits;

COMMENT ON VIEW reporting.schedule IS 'Every session that is booked or took place: waiting, infusing and staying times.';
COMMENT ON COLUMN reporting.schedule.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.schedule.at IS 'When it is booked for, else the arrival.';
COMMENT ON COLUMN reporting.schedule.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.schedule.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.schedule.number IS 'Its number in the series.';
COMMENT ON COLUMN reporting.schedule.chair IS 'The chair that it is booked on.';
COMMENT ON COLUMN reporting.schedule.state IS 'booked, cancelled, arrived, iv_in, infusing, paused, recovering or discharged.';
COMMENT ON COLUMN reporting.schedule.scheduled_at IS 'When it is booked for; null for a patient who walked in.';
COMMENT ON COLUMN reporting.schedule.duration_min IS 'How long it is booked for, minutes.';
COMMENT ON COLUMN reporting.schedule.bookings IS 'How often it was booked: more than once when it was moved.';
COMMENT ON COLUMN reporting.schedule.arrived_at IS 'When the patient arrived.';
COMMENT ON COLUMN reporting.schedule.arrival_late_min IS 'From the booked time to the arrival, minutes; below 0 for an early one.';
COMMENT ON COLUMN reporting.schedule.wait_min IS 'From the arrival to the first start of an infusion, minutes.';
COMMENT ON COLUMN reporting.schedule.start_late_min IS 'From the booked time to the first start, minutes.';
COMMENT ON COLUMN reporting.schedule.infusion_min IS 'From the first start to the last stop, minutes, pauses included.';
COMMENT ON COLUMN reporting.schedule.recovery_min IS 'From the last stop to the discharge, minutes.';
COMMENT ON COLUMN reporting.schedule.stay_min IS 'From the arrival to the discharge, minutes.';

CREATE OR REPLACE VIEW reporting.no_shows AS
SELECT clinic, scheduled_at, session, patient, number, chair, duration_min
FROM schedule.visits WHERE state = 'booked' AND scheduled_until < now();

COMMENT ON VIEW reporting.no_shows IS 'Booked, not cancelled, nobody arrived, and the booked time has passed by now.';
COMMENT ON COLUMN reporting.no_shows.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.no_shows.scheduled_at IS 'When it is booked for.';
COMMENT ON COLUMN reporting.no_shows.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.no_shows.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.no_shows.number IS 'Its number in the series.';
COMMENT ON COLUMN reporting.no_shows.chair IS 'The chair that it is booked on.';
COMMENT ON COLUMN reporting.no_shows.duration_min IS 'How long it was booked for, minutes.';

CREATE OR REPLACE VIEW reporting.cancellations AS
SELECT clinic, cancelled_at, session, patient, number, chair, scheduled_at,
    round((extract(epoch FROM scheduled_at - cancelled_at) / 3600)::numeric, 1) AS notice_h, cancelled_by, cancel_reason
FROM schedule.visits WHERE state = 'cancelled';

COMMENT ON VIEW reporting.cancellations IS 'Sessions that were cancelled.';
COMMENT ON COLUMN reporting.cancellations.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.cancellations.cancelled_at IS 'When.';
COMMENT ON COLUMN reporting.cancellations.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.cancellations.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.cancellations.number IS 'Its number in the series.';
COMMENT ON COLUMN reporting.cancellations.chair IS 'The chair that it is booked on.';
COMMENT ON COLUMN reporting.cancellations.scheduled_at IS 'When it was booked for.';
COMMENT ON COLUMN reporting.cancellations.notice_h IS 'From the cancellation to the booked time, hours; below 0 afterwards.';
COMMENT ON COLUMN reporting.cancellations.cancelled_by IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN reporting.cancellations.cancel_reason IS 'Why. Free text.';

CREATE OR REPLACE VIEW reporting.late_starts AS
SELECT clinic, scheduled_at, session, patient, chair, round((extract(epoch FROM started_at - scheduled_at) / 60)::numeric, 1) AS start_late_min,
    greatest(round((extract(epoch FROM arrived_at - scheduled_at) / 60)::numeric, 1), 0) AS patient_late_min, round((extract(epoch FROM started_at - greatest(scheduled_at, arrived_at)) / 60)::numeric, 1) AS clinic_late_min
FROM schedule.visits WHERE started_at > scheduled_at;

COMMENT ON VIEW reporting.late_starts IS 'Infusions that started after the booked time, and whether the patient was late or the clinic.';
COMMENT ON COLUMN reporting.late_starts.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.late_starts.scheduled_at IS 'When it is booked for.';
COMMENT ON COLUMN reporting.late_starts.session IS 'The session''s id.';
COMMENT ON COLUMN reporting.late_starts.patient IS 'The patient''s id.';
COMMENT ON COLUMN reporting.late_starts.chair IS 'The chair that it is booked on.';
COMMENT ON COLUMN reporting.late_starts.start_late_min IS 'From the booked time to the first start, minutes.';
COMMENT ON COLUMN reporting.late_starts.patient_late_min IS 'How much of it before the arrival.';
COMMENT ON COLUMN reporting.late_starts.clinic_late_min IS 'How much of it after the patient was there.';

CREATE OR REPLACE VIEW reporting.chair_days AS
SELECT clinic, (at AT TIME ZONE 'UTC')::date AS day, chair, count(*) AS sessions, count(arrived_at) AS arrivals, sum(duration_min) AS booked_min,
    sum(round((extract(epoch FROM discharged_at - arrived_at) / 60)::numeric, 1)) AS occupied_min
FROM (SELECT v.*, coalesce(v.arrived_at, v.scheduled_at) AS at FROM schedule.visits v) v
WHERE chair IS NOT NULL AND state IS DISTINCT FROM 'cancelled' GROUP BY 1, 2, 3;

COMMENT ON VIEW reporting.chair_days IS 'For each chair and day: how much was booked, and how long patients were there.';
COMMENT ON COLUMN reporting.chair_days.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.chair_days.day IS 'The day, UTC: of the arrival, else of the booking.';
COMMENT ON COLUMN reporting.chair_days.chair IS 'The chair.';
COMMENT ON COLUMN reporting.chair_days.sessions IS 'Sessions booked on it that were not cancelled.';
COMMENT ON COLUMN reporting.chair_days.arrivals IS 'Patients who came.';
COMMENT ON COLUMN reporting.chair_days.booked_min IS 'Minutes booked.';
COMMENT ON COLUMN reporting.chair_days.occupied_min IS 'From arrival to discharge, minutes, of those who were discharged.';

CREATE OR REPLACE VIEW reporting.chair_overlaps AS
SELECT a.clinic, greatest(a.scheduled_at, b.scheduled_at) AS from_at, least(a.scheduled_until, b.scheduled_until) AS to_at, a.chair,
    a.session AS first_session, b.session AS second_session,
    round((extract(epoch FROM least(a.scheduled_until, b.scheduled_until) - greatest(a.scheduled_at, b.scheduled_at)) / 60)::numeric, 1) AS overlap_min
FROM schedule.visits a JOIN schedule.visits b ON b.clinic = a.clinic AND b.chair = a.chair
    AND (a.scheduled_at, a.session) < (b.scheduled_at, b.session) AND b.scheduled_at < a.scheduled_until
WHERE a.state IS DISTINCT FROM 'cancelled' AND b.state IS DISTINCT FROM 'cancelled';

COMMENT ON VIEW reporting.chair_overlaps IS 'Two sessions booked on one chair at the same time: one row a pair.';
COMMENT ON COLUMN reporting.chair_overlaps.clinic IS 'The clinic.';
COMMENT ON COLUMN reporting.chair_overlaps.from_at IS 'From when both are booked.';
COMMENT ON COLUMN reporting.chair_overlaps.to_at IS 'Until when.';
COMMENT ON COLUMN reporting.chair_overlaps.chair IS 'The chair.';
COMMENT ON COLUMN reporting.chair_overlaps.first_session IS 'The one that is booked for the earlier time.';
COMMENT ON COLUMN reporting.chair_overlaps.second_session IS 'The other.';
COMMENT ON COLUMN reporting.chair_overlaps.overlap_min IS 'How long both are booked, minutes.';
