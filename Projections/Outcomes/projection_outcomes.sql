-- The read model `outcomes`: how patients fare. Percentages and points are decimals, doses whole micrograms.
CREATE TABLE sessions (
    clinic             text             NOT NULL,
    stream             text             NOT NULL,
    patient            uuid             NOT NULL,
    session            uuid             NOT NULL,
    plan               uuid,
    number             bigint,
    session_at         timestamptz,
    pain_before        bigint,
    pain_before_source text,
    pain_after         bigint,
    pain_after_source  text,
    relief_percent     double precision,
    responder          boolean,
    done               boolean          NOT NULL,
    given_ug           bigint,
    weight_g           bigint,
    given_ug_per_kg    bigint,
    PRIMARY KEY (clinic, stream, session)
);

CREATE INDEX sessions_by_plan ON sessions (clinic, plan, session_at);

CREATE TABLE burdens (
    clinic         text             NOT NULL,
    stream         text             NOT NULL,
    patient        uuid             NOT NULL,
    event          uuid             NOT NULL,
    charted_at     timestamptz      NOT NULL,
    source         text             NOT NULL,
    session        uuid,
    days_after     bigint,
    pain_nrs       bigint,
    relief_percent double precision,
    headache_days  bigint,
    migraine_days  bigint,
    midas          bigint,
    midas_grade    text,
    hit6           bigint,
    hit6_band      text,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX burdens_by_time ON burdens (clinic, patient, charted_at);

CREATE TABLE series (
    clinic                      text             NOT NULL,
    stream                      text             NOT NULL,
    patient                     uuid             NOT NULL,
    plan                        uuid             NOT NULL,
    planned_at                  timestamptz      NOT NULL,
    sessions_planned            bigint           NOT NULL,
    sessions_done               bigint           NOT NULL,
    first_session_at            timestamptz,
    last_session_at             timestamptz,
    mean_relief_percent         double precision,
    headache_days_before        bigint,
    headache_days_after         bigint,
    fewer_headache_days_percent double precision,
    migraine_days_before        bigint,
    migraine_days_after         bigint,
    midas_before                bigint,
    midas_before_grade          text,
    midas_after                 bigint,
    midas_after_grade           text,
    hit6_before                 bigint,
    hit6_before_band            text,
    hit6_after                  bigint,
    hit6_after_band             text,
    responder                   boolean,
    pain_trend                  double precision,
    relief_trend                double precision,
    PRIMARY KEY (clinic, stream, plan)
);

COMMENT ON TABLE sessions IS 'Each session that took place, with pain before and after. Corrections are applied.';
COMMENT ON COLUMN sessions.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN sessions.stream IS 'patient/<uuid>.';
COMMENT ON COLUMN sessions.patient IS 'The patient''s id.';
COMMENT ON COLUMN sessions.session IS 'The session''s id.';
COMMENT ON COLUMN sessions.plan IS 'The plan that it belongs to: the one that the booking names, else the latest at the time; null where there was none.';
COMMENT ON COLUMN sessions.number IS 'Its number in the series, as booked; null for a walk-in.';
COMMENT ON COLUMN sessions.session_at IS 'When the patient arrived, else when the first infusion started.';
COMMENT ON COLUMN sessions.pain_before IS 'Pain before, numeric rating scale 0 to 10.';
COMMENT ON COLUMN sessions.pain_before_source IS 'assessment, or vitals of the phase baseline where there was no assessment.';
COMMENT ON COLUMN sessions.pain_after IS 'Pain after, numeric rating scale 0 to 10.';
COMMENT ON COLUMN sessions.pain_after_source IS 'vitals: the last after the stop and by the discharge; else follow_up: the first of the session.';
COMMENT ON COLUMN sessions.relief_percent IS 'How much of the pain went, %, to three places; below zero where it grew. What the patient reported where a value is missing.';
COMMENT ON COLUMN sessions.responder IS 'Whether the relief is at least 30 %; null where it is not known.';
COMMENT ON COLUMN sessions.done IS 'Whether an infusion was given and has ended.';
COMMENT ON COLUMN sessions.given_ug IS 'Micrograms given; null where no infusion was started.';
COMMENT ON COLUMN sessions.weight_g IS 'Grams at arrival.';
COMMENT ON COLUMN sessions.given_ug_per_kg IS 'Micrograms given a kilogram, rounded.';

COMMENT ON TABLE burdens IS 'Headache burden over time, a row for each consultation and follow-up.';
COMMENT ON COLUMN burdens.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN burdens.stream IS 'patient/<uuid>.';
COMMENT ON COLUMN burdens.patient IS 'The patient''s id.';
COMMENT ON COLUMN burdens.event IS 'The consultation or the follow-up.';
COMMENT ON COLUMN burdens.charted_at IS 'When it took place.';
COMMENT ON COLUMN burdens.source IS 'consultation (a baseline) or follow_up.';
COMMENT ON COLUMN burdens.session IS 'The session that it follows; null for the series as a whole.';
COMMENT ON COLUMN burdens.days_after IS 'Of follow-ups: days after the session or the series.';
COMMENT ON COLUMN burdens.pain_nrs IS 'Pain, numeric rating scale 0 to 10.';
COMMENT ON COLUMN burdens.relief_percent IS 'Relief that the patient reported, %.';
COMMENT ON COLUMN burdens.headache_days IS 'Headache days a month.';
COMMENT ON COLUMN burdens.migraine_days IS 'Migraine days a month.';
COMMENT ON COLUMN burdens.midas IS 'Migraine Disability Assessment, 0 to 270.';
COMMENT ON COLUMN burdens.midas_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN burdens.hit6 IS 'Headache Impact Test, 36 to 78.';
COMMENT ON COLUMN burdens.hit6_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';

COMMENT ON TABLE series IS 'What each plan''s series of sessions brought, one row a plan.';
COMMENT ON COLUMN series.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN series.stream IS 'patient/<uuid>.';
COMMENT ON COLUMN series.patient IS 'The patient''s id.';
COMMENT ON COLUMN series.plan IS 'The plan''s id.';
COMMENT ON COLUMN series.planned_at IS 'When it was made, as it was made last.';
COMMENT ON COLUMN series.sessions_planned IS 'Sessions that it foresees.';
COMMENT ON COLUMN series.sessions_done IS 'Sessions in which an infusion was given and has ended.';
COMMENT ON COLUMN series.first_session_at IS 'When the first session took place.';
COMMENT ON COLUMN series.last_session_at IS 'When the last session took place.';
COMMENT ON COLUMN series.mean_relief_percent IS 'The mean relief over the sessions of which it is known, %, to three places.';
COMMENT ON COLUMN series.headache_days_before IS 'Headache days a month, as last charted by the first session.';
COMMENT ON COLUMN series.headache_days_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN series.fewer_headache_days_percent IS 'By how much they fell, %, to three places; below zero where they rose.';
COMMENT ON COLUMN series.migraine_days_before IS 'Migraine days a month, as last charted by the first session.';
COMMENT ON COLUMN series.migraine_days_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN series.midas_before IS 'Migraine Disability Assessment, as last charted by the first session.';
COMMENT ON COLUMN series.midas_before_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN series.midas_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN series.midas_after_grade IS 'MIDAS grade: I (0-5), II (6-10), III (11-20), IV (21 or more).';
COMMENT ON COLUMN series.hit6_before IS 'Headache Impact Test, as last charted by the first session.';
COMMENT ON COLUMN series.hit6_before_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';
COMMENT ON COLUMN series.hit6_after IS 'The same by the last follow-up of the series.';
COMMENT ON COLUMN series.hit6_after_band IS 'HIT-6 band: little (at most 49), some (50-55), substantial (56-59), severe (60 or more).';
COMMENT ON COLUMN series.responder IS 'At least 30 % mean relief, or at least 50 % fewer headache days; null where neither is so and one is not known.';
COMMENT ON COLUMN series.pain_trend IS 'Pain before each session: points a session, by least squares over the sessions in their order, to three places; null below two.';
COMMENT ON COLUMN series.relief_trend IS 'Relief of each session: percentage points a session, likewise.';
