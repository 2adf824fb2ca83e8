-- The read model `session_flowsheet`: sessions as plain rows for reports. Doses are whole micrograms; measurements are decimals.
CREATE TABLE vitals (
    clinic           text             NOT NULL,
    stream           text             NOT NULL,
    patient          uuid,
    event            uuid             NOT NULL,
    position         bigint           NOT NULL,
    occurred_at      timestamptz      NOT NULL,
    actor            text             NOT NULL,
    phase            text             NOT NULL,
    source           text             NOT NULL,
    rate_ug_per_h    bigint,
    heart_rate       double precision,
    systolic_mmhg    double precision,
    diastolic_mmhg   double precision,
    map_mmhg         double precision,
    spo2_percent     double precision,
    respiratory_rate double precision,
    etco2_mmhg       double precision,
    temperature_c    double precision,
    pain_nrs         bigint,
    moaas            bigint,
    rass             bigint,
    oxygen_l_per_min double precision,
    amended          boolean          NOT NULL,
    voided           boolean          NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX vitals_by_patient ON vitals (clinic, patient, occurred_at);

CREATE TABLE dose_segments (
    clinic        text        NOT NULL,
    stream        text        NOT NULL,
    patient       uuid,
    event         uuid        NOT NULL,
    run           bigint      NOT NULL,
    from_at       timestamptz NOT NULL,
    to_at         timestamptz,
    rate_ug_per_h bigint      NOT NULL,
    given_ug      bigint,
    actor         text        NOT NULL,
    ordered_by    text        NOT NULL,
    reason        text,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX dose_segments_by_patient ON dose_segments (clinic, patient, from_at);

CREATE TABLE boluses (
    clinic     text        NOT NULL,
    stream     text        NOT NULL,
    patient    uuid,
    event      uuid        NOT NULL,
    run        bigint      NOT NULL,
    given_at   timestamptz NOT NULL,
    dose_ug    bigint      NOT NULL,
    over_s     bigint,
    actor      text        NOT NULL,
    ordered_by text        NOT NULL,
    reason     text,
    PRIMARY KEY (clinic, stream, event)
);

CREATE TABLE side_effects (
    clinic      text        NOT NULL,
    stream      text        NOT NULL,
    patient     uuid,
    event       uuid        NOT NULL,
    position    bigint      NOT NULL,
    observed_at timestamptz NOT NULL,
    onset_at    timestamptz,
    resolved_at timestamptz,
    resolved_by text,
    actor       text        NOT NULL,
    effect      text        NOT NULL,
    grade       bigint      NOT NULL,
    relatedness text        NOT NULL,
    action      text        NOT NULL,
    amended     boolean     NOT NULL,
    voided      boolean     NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX side_effects_by_effect ON side_effects (clinic, effect, observed_at);

CREATE TABLE medications (
    clinic     text             NOT NULL,
    stream     text             NOT NULL,
    patient    uuid,
    event      uuid             NOT NULL,
    position   bigint           NOT NULL,
    given_at   timestamptz      NOT NULL,
    drug       text             NOT NULL,
    dose       double precision NOT NULL,
    unit       text             NOT NULL,
    route      text             NOT NULL,
    indication text             NOT NULL,
    actor      text             NOT NULL,
    ordered_by text             NOT NULL,
    amended    boolean          NOT NULL,
    voided     boolean          NOT NULL,
    PRIMARY KEY (clinic, stream, event)
);

CREATE INDEX medications_by_patient ON medications (clinic, patient, given_at);

COMMENT ON TABLE vitals IS 'Every set of vitals, voided ones too: leave those out with NOT voided.';
COMMENT ON COLUMN vitals.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN vitals.stream IS 'session/<uuid>.';
COMMENT ON COLUMN vitals.patient IS 'Whose session it is.';
COMMENT ON COLUMN vitals.event IS 'The event that charted them.';
COMMENT ON COLUMN vitals.position IS 'Its position in the log.';
COMMENT ON COLUMN vitals.occurred_at IS 'When they were taken.';
COMMENT ON COLUMN vitals.actor IS 'Who charted them: a staff handle.';
COMMENT ON COLUMN vitals.phase IS 'baseline, infusion, recovery or discharge.';
COMMENT ON COLUMN vitals.source IS 'manual or device.';
COMMENT ON COLUMN vitals.rate_ug_per_h IS 'The charted infusion rate at that time, micrograms an hour; null when none ran.';
COMMENT ON COLUMN vitals.heart_rate IS 'Beats a minute (LOINC 8867-4).';
COMMENT ON COLUMN vitals.systolic_mmhg IS 'mmHg (LOINC 8480-6).';
COMMENT ON COLUMN vitals.diastolic_mmhg IS 'mmHg (LOINC 8462-4).';
COMMENT ON COLUMN vitals.map_mmhg IS 'Mean arterial pressure, mmHg (LOINC 8478-0).';
COMMENT ON COLUMN vitals.spo2_percent IS 'Oxygen saturation, % (LOINC 59408-5).';
COMMENT ON COLUMN vitals.respiratory_rate IS 'Breaths a minute (LOINC 9279-1).';
COMMENT ON COLUMN vitals.etco2_mmhg IS 'End-tidal carbon dioxide, mmHg (LOINC 19889-5).';
COMMENT ON COLUMN vitals.temperature_c IS 'Degrees Celsius (LOINC 8310-5).';
COMMENT ON COLUMN vitals.pain_nrs IS 'Pain, numeric rating scale 0 to 10 (LOINC 72514-3).';
COMMENT ON COLUMN vitals.moaas IS 'Modified Observer''s Assessment of Alertness/Sedation, 0 to 5.';
COMMENT ON COLUMN vitals.rass IS 'Richmond Agitation-Sedation Scale, -5 to 4.';
COMMENT ON COLUMN vitals.oxygen_l_per_min IS 'Oxygen given, litres a minute (LOINC 3151-8).';
COMMENT ON COLUMN vitals.amended IS 'Whether the values were amended; these are the ones in force.';
COMMENT ON COLUMN vitals.voided IS 'Whether the set was voided: it does not count.';

COMMENT ON TABLE dose_segments IS 'The charted rates of each infusion, one after another without a gap; a pause has rate 0.';
COMMENT ON COLUMN dose_segments.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN dose_segments.stream IS 'session/<uuid>.';
COMMENT ON COLUMN dose_segments.patient IS 'Whose session it is.';
COMMENT ON COLUMN dose_segments.event IS 'The start or the adjustment that set the rate.';
COMMENT ON COLUMN dose_segments.run IS 'The infusion within the session, from 1.';
COMMENT ON COLUMN dose_segments.from_at IS 'When the rate was set.';
COMMENT ON COLUMN dose_segments.to_at IS 'When it ended; null while it is in force.';
COMMENT ON COLUMN dose_segments.rate_ug_per_h IS 'Micrograms an hour.';
COMMENT ON COLUMN dose_segments.given_ug IS 'Micrograms given at this rate, rounded once; up to the last fact while it is in force.';
COMMENT ON COLUMN dose_segments.actor IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN dose_segments.ordered_by IS 'Who ordered it: the prescriber of a start, or the one named by an adjustment.';
COMMENT ON COLUMN dose_segments.reason IS 'Why it was adjusted; null for a start.';

COMMENT ON TABLE boluses IS 'Boluses given with the start of an infusion or while it ran.';
COMMENT ON COLUMN boluses.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN boluses.stream IS 'session/<uuid>.';
COMMENT ON COLUMN boluses.patient IS 'Whose session it is.';
COMMENT ON COLUMN boluses.event IS 'The event that charted it.';
COMMENT ON COLUMN boluses.run IS 'The infusion within the session, from 1.';
COMMENT ON COLUMN boluses.given_at IS 'When it was given.';
COMMENT ON COLUMN boluses.dose_ug IS 'Micrograms.';
COMMENT ON COLUMN boluses.over_s IS 'Over how many seconds; null for one with a start, which does not say.';
COMMENT ON COLUMN boluses.actor IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN boluses.ordered_by IS 'Who ordered it.';
COMMENT ON COLUMN boluses.reason IS 'Why; null for one with a start.';

COMMENT ON TABLE side_effects IS 'Every side effect observed, voided ones too: leave those out with NOT voided.';
COMMENT ON COLUMN side_effects.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN side_effects.stream IS 'session/<uuid>.';
COMMENT ON COLUMN side_effects.patient IS 'Whose session it is.';
COMMENT ON COLUMN side_effects.event IS 'The event that observed it.';
COMMENT ON COLUMN side_effects.position IS 'Its position in the log.';
COMMENT ON COLUMN side_effects.observed_at IS 'When it was observed.';
COMMENT ON COLUMN side_effects.onset_at IS 'When it began, where that is charted.';
COMMENT ON COLUMN side_effects.resolved_at IS 'When it was charted as resolved; null while it is open.';
COMMENT ON COLUMN side_effects.resolved_by IS 'Who charted that: a staff handle.';
COMMENT ON COLUMN side_effects.actor IS 'Who observed it: a staff handle.';
COMMENT ON COLUMN side_effects.effect IS 'Which, by the name in the domain, e.g. dissociation.';
COMMENT ON COLUMN side_effects.grade IS 'CTCAE grade, 1 to 5.';
COMMENT ON COLUMN side_effects.relatedness IS 'unrelated, possible, probable or definite.';
COMMENT ON COLUMN side_effects.action IS 'none, slowed, paused, stopped, medication, oxygen or other.';
COMMENT ON COLUMN side_effects.amended IS 'Whether it was amended; these are the values in force.';
COMMENT ON COLUMN side_effects.voided IS 'Whether it was voided: it does not count.';

COMMENT ON TABLE medications IS 'Every other drug given in a session, voided ones too: leave those out with NOT voided.';
COMMENT ON COLUMN medications.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN medications.stream IS 'session/<uuid>.';
COMMENT ON COLUMN medications.patient IS 'Whose session it is.';
COMMENT ON COLUMN medications.event IS 'The event that charted it.';
COMMENT ON COLUMN medications.position IS 'Its position in the log.';
COMMENT ON COLUMN medications.given_at IS 'When it was given.';
COMMENT ON COLUMN medications.drug IS 'Its name as charted.';
COMMENT ON COLUMN medications.dose IS 'How much, in the unit.';
COMMENT ON COLUMN medications.unit IS 'mg, mcg, mL or L_per_min.';
COMMENT ON COLUMN medications.route IS 'iv, im, po, sl, inhaled or in (intranasal).';
COMMENT ON COLUMN medications.indication IS 'What for.';
COMMENT ON COLUMN medications.actor IS 'Who charted it: a staff handle.';
COMMENT ON COLUMN medications.ordered_by IS 'Who ordered it.';
COMMENT ON COLUMN medications.amended IS 'Whether it was amended; these are the values in force.';
COMMENT ON COLUMN medications.voided IS 'Whether it was voided: it does not count.';
