-- Views for reports over the read model `drug_ledger`, in milligrams with three places: exact.
CREATE OR REPLACE VIEW reporting.drug_vials AS
SELECT
    clinic,
    vial,
    drug,
    form,
    lot,
    ndc,
    round(concentration_ug_per_ml / 1000.0, 3) AS concentration_mg_per_ml,
    round(volume_ul / 1000.0, 3) AS volume_ml,
    expires_on,
    supplier,
    invoice,
    received_at,
    received_by,
    round(received_ug / 1000.0, 3) AS received_mg,
    round(dispensed_ug / 1000.0, 3) AS dispensed_mg,
    round(given_ug / 1000.0, 3) AS given_mg,
    round(wasted_ug / 1000.0, 3) AS wasted_mg,
    round(returned_ug / 1000.0, 3) AS returned_mg,
    round(lost_ug / 1000.0, 3) AS lost_mg,
    round(expected_ug / 1000.0, 3) AS expected_mg,
    round(counted_ug / 1000.0, 3) AS counted_mg,
    counted_at,
    counted_by,
    round(at_chair_ug / 1000.0, 3) AS at_chair_mg,
    round(reported_later_ug / 1000.0, 3) AS reported_later_mg,
    round(unexplained_ug / 1000.0, 3) AS unexplained_mg,
    sessions,
    in_use,
    last_moved_at
FROM drug_ledger.vials;

COMMENT ON VIEW reporting.drug_vials IS 'The account of each vial. Amounts are milligrams, exact to the microgram.';
COMMENT ON COLUMN reporting.drug_vials.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.drug_vials.vial IS 'The vial''s id.';
COMMENT ON COLUMN reporting.drug_vials.drug IS 'What it holds; null, with the columns up to received_by, where the receipt was voided.';
COMMENT ON COLUMN reporting.drug_vials.form IS 'The finished form, e.g. injection.';
COMMENT ON COLUMN reporting.drug_vials.lot IS 'The lot.';
COMMENT ON COLUMN reporting.drug_vials.ndc IS 'National Drug Code, where it is charted.';
COMMENT ON COLUMN reporting.drug_vials.concentration_mg_per_ml IS 'Milligrams a millilitre, as labelled.';
COMMENT ON COLUMN reporting.drug_vials.volume_ml IS 'Millilitres, as labelled.';
COMMENT ON COLUMN reporting.drug_vials.expires_on IS 'YYYY-MM-DD.';
COMMENT ON COLUMN reporting.drug_vials.supplier IS 'Who it came from.';
COMMENT ON COLUMN reporting.drug_vials.invoice IS 'The supplier''s invoice, where it is charted.';
COMMENT ON COLUMN reporting.drug_vials.received_at IS 'When it was received.';
COMMENT ON COLUMN reporting.drug_vials.received_by IS 'Who received it: a staff handle.';
COMMENT ON COLUMN reporting.drug_vials.received_mg IS 'Milligrams received: the labelled concentration times the labelled volume.';
COMMENT ON COLUMN reporting.drug_vials.dispensed_mg IS 'Milligrams drawn up for sessions. A part of it is given, the rest is wasted.';
COMMENT ON COLUMN reporting.drug_vials.given_mg IS 'Milligrams given: the integral of the charted rates plus boluses, exact over all infusions from the vial and rounded once.';
COMMENT ON COLUMN reporting.drug_vials.wasted_mg IS 'Milligrams wasted.';
COMMENT ON COLUMN reporting.drug_vials.returned_mg IS 'Milligrams returned to a supplier or a reverse distributor.';
COMMENT ON COLUMN reporting.drug_vials.lost_mg IS 'Milligrams reported as lost.';
COMMENT ON COLUMN reporting.drug_vials.expected_mg IS 'Milligrams that should be left: received less given, wasted, returned and lost. Below zero where more went out than came in.';
COMMENT ON COLUMN reporting.drug_vials.counted_mg IS 'Milligrams found by the last count or inventory; null, with the next five columns, where there was none.';
COMMENT ON COLUMN reporting.drug_vials.counted_at IS 'When that was.';
COMMENT ON COLUMN reporting.drug_vials.counted_by IS 'Who recorded it: a staff handle.';
COMMENT ON COLUMN reporting.drug_vials.at_chair_mg IS 'Milligrams that were in syringes at that time and were given or wasted afterwards: not missing.';
COMMENT ON COLUMN reporting.drug_vials.reported_later_mg IS 'Milligrams that were missing at that time and were reported as lost afterwards.';
COMMENT ON COLUMN reporting.drug_vials.unexplained_mg IS 'The difference at that time that nobody has explained: positive where something is missing, negative where there is too much.';
COMMENT ON COLUMN reporting.drug_vials.sessions IS 'How many sessions it was drawn for or given to.';
COMMENT ON COLUMN reporting.drug_vials.in_use IS 'Whether an infusion from it still runs, as far as is known.';
COMMENT ON COLUMN reporting.drug_vials.last_moved_at IS 'When the last movement was.';

CREATE OR REPLACE VIEW reporting.drug_movements AS
SELECT
    clinic,
    vial,
    event,
    position,
    kind,
    moved_at,
    round(amount_ug / 1000.0, 3) AS amount_mg,
    round(in_ug / 1000.0, 3) AS in_mg,
    round(out_ug / 1000.0, 3) AS out_mg,
    round(balance_ug / 1000.0, 3) AS balance_mg,
    round(unexplained_ug / 1000.0, 3) AS unexplained_mg,
    actor,
    witness,
    session,
    source
FROM drug_ledger.movements;

COMMENT ON VIEW reporting.drug_movements IS 'Every movement of each vial, with the balance after it. Order by moved_at, position.';
COMMENT ON COLUMN reporting.drug_movements.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.drug_movements.vial IS 'The vial''s id.';
COMMENT ON COLUMN reporting.drug_movements.event IS 'The event that it rests on; of an infusion its stop, or its start while none is charted.';
COMMENT ON COLUMN reporting.drug_movements.position IS 'The position of that event in the log.';
COMMENT ON COLUMN reporting.drug_movements.kind IS 'received, dispensed, given, wasted, returned, lost or counted.';
COMMENT ON COLUMN reporting.drug_movements.moved_at IS 'When it happened. An infusion is booked when it ended; while it runs, at the last fact that is known of it.';
COMMENT ON COLUMN reporting.drug_movements.amount_mg IS 'Milligrams that the event names. Of infusions: what the exact total of the vial grew by, so that the amounts add up to it.';
COMMENT ON COLUMN reporting.drug_movements.in_mg IS 'Milligrams that came in: of a receipt, else 0.';
COMMENT ON COLUMN reporting.drug_movements.out_mg IS 'Milligrams that left the stock: given, wasted, returned or lost, else 0. What is dispensed is still the clinic''s.';
COMMENT ON COLUMN reporting.drug_movements.balance_mg IS 'Milligrams that should be left after it, in the vial and in syringes.';
COMMENT ON COLUMN reporting.drug_movements.unexplained_mg IS 'Of counts: the difference that nobody has explained; else null.';
COMMENT ON COLUMN reporting.drug_movements.actor IS 'Who recorded it: a staff handle.';
COMMENT ON COLUMN reporting.drug_movements.witness IS 'Who witnessed it, where that is charted: a staff handle.';
COMMENT ON COLUMN reporting.drug_movements.session IS 'The session that it is for, where it is for one.';
COMMENT ON COLUMN reporting.drug_movements.source IS 'The stream of the event: vial/<uuid>, session/<uuid>, or clinic for an inventory.';

CREATE OR REPLACE VIEW reporting.drug_months AS
SELECT
    m.clinic AS clinic,
    v.drug AS drug,
    v.lot AS lot,
    date_trunc('month', m.moved_at AT TIME ZONE 'UTC')::date AS month,
    count(DISTINCT m.vial) AS vials,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'received'), 0) / 1000.0, 3) AS received_mg,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'dispensed'), 0) / 1000.0, 3) AS dispensed_mg,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'given'), 0) / 1000.0, 3) AS given_mg,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'wasted'), 0) / 1000.0, 3) AS wasted_mg,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'returned'), 0) / 1000.0, 3) AS returned_mg,
    round(coalesce(sum(m.amount_ug) FILTER (WHERE m.kind = 'lost'), 0) / 1000.0, 3) AS lost_mg,
    round(sum(m.in_ug - m.out_ug) / 1000.0, 3) AS change_mg,
    count(*) FILTER (WHERE m.kind = 'counted') AS counts,
    count(*) FILTER (WHERE m.unexplained_ug <> 0) AS counts_off
FROM drug_ledger.movements m
JOIN drug_ledger.vials v ON v.clinic = m.clinic AND v.stream = m.stream
GROUP BY 1, 2, 3, 4;

COMMENT ON VIEW reporting.drug_months IS 'The clinic''s account by drug, lot and month.';
COMMENT ON COLUMN reporting.drug_months.clinic IS 'The clinic whose log it comes from.';
COMMENT ON COLUMN reporting.drug_months.drug IS 'The drug; null where the receipt was voided.';
COMMENT ON COLUMN reporting.drug_months.lot IS 'The lot.';
COMMENT ON COLUMN reporting.drug_months.month IS 'The first day of the month, UTC, in which the movements took place.';
COMMENT ON COLUMN reporting.drug_months.vials IS 'Vials with a movement in that month.';
COMMENT ON COLUMN reporting.drug_months.received_mg IS 'Milligrams received.';
COMMENT ON COLUMN reporting.drug_months.dispensed_mg IS 'Milligrams drawn up for sessions.';
COMMENT ON COLUMN reporting.drug_months.given_mg IS 'Milligrams given, booked when each infusion ended.';
COMMENT ON COLUMN reporting.drug_months.wasted_mg IS 'Milligrams wasted.';
COMMENT ON COLUMN reporting.drug_months.returned_mg IS 'Milligrams returned.';
COMMENT ON COLUMN reporting.drug_months.lost_mg IS 'Milligrams reported as lost.';
COMMENT ON COLUMN reporting.drug_months.change_mg IS 'By how much the stock changed: received less given, wasted, returned and lost.';
COMMENT ON COLUMN reporting.drug_months.counts IS 'Counts and lines of inventories.';
COMMENT ON COLUMN reporting.drug_months.counts_off IS 'Counts with a difference that nobody has explained, however small.';
