-- The read model `drug_ledger`: the account of each vial of a controlled drug (21 CFR 1304.22(c)). Amounts are whole micrograms.
CREATE TABLE vials (
    clinic                  text        NOT NULL,
    stream                  text        NOT NULL,
    vial                    uuid        NOT NULL,
    drug                    text,
    form                    text,
    lot                     text,
    ndc                     text,
    concentration_ug_per_ml bigint,
    volume_ul               bigint,
    expires_on              text,
    supplier                text,
    invoice                 text,
    received_at             timestamptz,
    received_by             text,
    received_ug             bigint      NOT NULL,
    dispensed_ug            bigint      NOT NULL,
    given_ug                bigint      NOT NULL,
    wasted_ug               bigint      NOT NULL,
    returned_ug             bigint      NOT NULL,
    lost_ug                 bigint      NOT NULL,
    expected_ug             bigint      NOT NULL,
    counted_ug              bigint,
    counted_at              timestamptz,
    counted_by              text,
    at_chair_ug             bigint,
    reported_later_ug       bigint,
    unexplained_ug          bigint,
    sessions                bigint      NOT NULL,
    in_use                  boolean     NOT NULL,
    last_moved_at           timestamptz,
    PRIMARY KEY (clinic, stream)
);

CREATE INDEX vials_by_drug ON vials (clinic, drug, lot);

CREATE TABLE movements (
    clinic         text        NOT NULL,
    stream         text        NOT NULL,
    vial           uuid        NOT NULL,
    event          uuid        NOT NULL,
    position       bigint      NOT NULL,
    kind           text        NOT NULL
        CHECK (kind IN ('received', 'dispensed', 'given', 'wasted', 'returned', 'lost', 'counted')),
    moved_at       timestamptz NOT NULL,
    amount_ug      bigint      NOT NULL,
    in_ug          bigint      NOT NULL,
    out_ug         bigint      NOT NULL,
    balance_ug     bigint      NOT NULL,
    unexplained_ug bigint,
    actor          text        NOT NULL,
    witness        text,
    session        uuid,
    source         text        NOT NULL,
    PRIMARY KEY (clinic, stream, event, kind)
);

CREATE INDEX movements_by_time ON movements (clinic, moved_at);

COMMENT ON TABLE vials IS 'The account of each vial, one row a vial. Amounts are whole micrograms. Corrections are applied.';
COMMENT ON COLUMN vials.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN vials.stream IS 'vial/<uuid>.';
COMMENT ON COLUMN vials.vial IS 'The vial''s id.';
COMMENT ON COLUMN vials.drug IS 'What it holds; null, with the columns up to received_by, where the receipt was voided.';
COMMENT ON COLUMN vials.form IS 'The finished form, e.g. injection.';
COMMENT ON COLUMN vials.lot IS 'The lot.';
COMMENT ON COLUMN vials.ndc IS 'National Drug Code, where it is charted.';
COMMENT ON COLUMN vials.concentration_ug_per_ml IS 'Micrograms a millilitre, as labelled.';
COMMENT ON COLUMN vials.volume_ul IS 'Microlitres, as labelled.';
COMMENT ON COLUMN vials.expires_on IS 'YYYY-MM-DD.';
COMMENT ON COLUMN vials.supplier IS 'Who it came from.';
COMMENT ON COLUMN vials.invoice IS 'The supplier''s invoice, where it is charted.';
COMMENT ON COLUMN vials.received_at IS 'When it was received.';
COMMENT ON COLUMN vials.received_by IS 'Who received it: a staff handle.';
COMMENT ON COLUMN vials.received_ug IS 'Micrograms received: the labelled concentration times the labelled volume.';
COMMENT ON COLUMN vials.dispensed_ug IS 'Micrograms drawn up for sessions. A part of it is given, the rest is wasted.';
COMMENT ON COLUMN vials.given_ug IS 'Micrograms given: the integral of the charted rates plus boluses, exact over all infusions from the vial and rounded once.';
COMMENT ON COLUMN vials.wasted_ug IS 'Micrograms wasted.';
COMMENT ON COLUMN vials.returned_ug IS 'Micrograms returned to a supplier or a reverse distributor.';
COMMENT ON COLUMN vials.lost_ug IS 'Micrograms reported as lost.';
COMMENT ON COLUMN vials.expected_ug IS 'Micrograms that should be left: received less given, wasted, returned and lost. Below zero where more went out than came in.';
COMMENT ON COLUMN vials.counted_ug IS 'Micrograms found by the last count or inventory; null, with the next five columns, where there was none.';
COMMENT ON COLUMN vials.counted_at IS 'When that was.';
COMMENT ON COLUMN vials.counted_by IS 'Who recorded it: a staff handle.';
COMMENT ON COLUMN vials.at_chair_ug IS 'Micrograms that were in syringes at that time and were given or wasted afterwards: not missing.';
COMMENT ON COLUMN vials.reported_later_ug IS 'Micrograms that were missing at that time and were reported as lost afterwards.';
COMMENT ON COLUMN vials.unexplained_ug IS 'The difference at that time that nobody has explained: positive where something is missing, negative where there is too much.';
COMMENT ON COLUMN vials.sessions IS 'How many sessions it was drawn for or given to.';
COMMENT ON COLUMN vials.in_use IS 'Whether an infusion from it still runs, as far as is known.';
COMMENT ON COLUMN vials.last_moved_at IS 'When the last movement was.';

COMMENT ON TABLE movements IS 'Every movement of each vial, in and out, with the balance after it. Order by moved_at, position.';
COMMENT ON COLUMN movements.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN movements.stream IS 'vial/<uuid>.';
COMMENT ON COLUMN movements.vial IS 'The vial''s id.';
COMMENT ON COLUMN movements.event IS 'The event that it rests on; of an infusion its stop, or its start while none is charted.';
COMMENT ON COLUMN movements.position IS 'The position of that event in the log.';
COMMENT ON COLUMN movements.kind IS 'received, dispensed, given, wasted, returned, lost or counted.';
COMMENT ON COLUMN movements.moved_at IS 'When it happened. An infusion is booked when it ended; while it runs, at the last fact that is known of it.';
COMMENT ON COLUMN movements.amount_ug IS 'Micrograms that the event names. Of infusions: what the exact total of the vial grew by, so that the amounts add up to it.';
COMMENT ON COLUMN movements.in_ug IS 'Micrograms that came in: of a receipt, else 0.';
COMMENT ON COLUMN movements.out_ug IS 'Micrograms that left the stock: given, wasted, returned or lost, else 0. What is dispensed is still the clinic''s.';
COMMENT ON COLUMN movements.balance_ug IS 'Micrograms that should be left after it, in the vial and in syringes.';
COMMENT ON COLUMN movements.unexplained_ug IS 'Of counts: the difference that nobody has explained; else null.';
COMMENT ON COLUMN movements.actor IS 'Who recorded it: a staff handle.';
COMMENT ON COLUMN movements.witness IS 'Who witnessed it, where that is charted: a staff handle.';
COMMENT ON COLUMN movements.session IS 'The session that it is for, where it is for one.';
COMMENT ON COLUMN movements.source IS 'The stream of the event: vial/<uuid>, session/<uuid>, or clinic for an inventory.';
