import Canonical
import Foundation

/// The account of a controlled drug, vial by vial.
extension Deliberation {
    mutating func judgeDrugReceived() throws(Stop) {
        try requireRole()
        guard !VialState(try consult(proposal.stream)).exists else {
            throw refuse(
                .conflict, "already-received",
                "This vial has been received already; amend the receipt, or give the other vial an id of its own.")
        }
    }

    mutating func judge(_ dispensing: DrugDispensed) throws(Stop) {
        try requireRole()
        try requireReceived()
        guard try requireSession(dispensing.session).patient == dispensing.patient else {
            throw refuse(
                .conflict, "patient-mismatch", "The session named is another patient's; check the session and the patient.",
                at: "/data/patient")
        }
        try requireContent(dispensing.drawnMg, field: "drawn_mg")
    }

    mutating func judge(_ returning: DrugReturned) throws(Stop) {
        try requireRole()
        try requireReceived()
        try requireContent(returning.amountMg, field: "amount_mg")
    }

    /// A count or a loss: whatever was found is recorded, also where it can't be.
    mutating func judgeVialEntry() throws(Stop) {
        try requireRole()
        try requireReceived()
    }

    /// Never blocked: it must only be clear what was wasted.
    func judgeDrugWasted() throws(Stop) {
        guard VialState(try peek(proposal.stream)).exists else { throw unknownVial() }
    }

    mutating func judge(_ inventory: InventoryTaken) throws(Stop) {
        try requireRole()
        guard inventory.takenAt <= now.adding(minutes: Self.clockToleranceMinutes) else {
            throw refuse(
                .invalid, "taken-in-the-future",
                "taken_at is more than \(Self.clockToleranceMinutes) minutes ahead of the server's clock; check the clock.",
                at: "/data/taken_at")
        }
        try need(Set(inventory.lines.map { .vial($0.vial) }))
        for (index, line) in inventory.lines.enumerated() {
            // Looked at only: a list of a thousand vials under a condition on each would rarely hold.
            let vial = VialState(try peek(.vial(line.vial)), until: event.occurredAt)
            guard vial.exists else { throw unknownVial(at: "/data/lines/\(index)/vial") }
        }
    }

    /// A vial that the data names must have been received by the time of the event.
    mutating func requireVial(_ id: UUID) throws(Stop) -> DrugReceived {
        let vial = VialState(try consult(.vial(id)), until: event.occurredAt)
        guard let received = vial.received else { throw unknownVial(at: "/data/vial") }
        return received.body
    }

    /// `dose`, for a drug past its date: it isn't impossible, only unsafe, so that it stays chartable with a prescriber's reason.
    ///
    /// A vial is good through its last day. Where the clinic lies is not known, so the day ends where it ends last, at UTC−12.
    mutating func requireUnexpired(_ vial: DrugReceived, _ reference: ClinicReference) throws(Stop) {
        let isExpired = event.occurredAt.adding(minutes: -12 * 60).date > vial.expiresOn
        try require(.dose, failure: isExpired ? "the vial is past its date of expiry" : nil, reference)
    }

    /// The vial whose stream this is must have been received by the time of the event.
    private mutating func requireReceived() throws(Stop) {
        guard VialState(try consult(proposal.stream), until: event.occurredAt).exists else { throw unknownVial() }
    }

    /// What leaves the vial must have been in it, over the whole of its account: a late entry takes from what is charted after it.
    /// Waste doesn't count, because it may be of what was dispensed before.
    private mutating func requireContent(_ amount: Milligrams, field: String) throws(Stop) {
        let vial = VialState(try consult(proposal.stream))
        let taken = vial.dispensings.map(\.body.drawnMg) + vial.returns.map(\.body.amountMg) + vial.losses.map(\.body.amountMg)
        let sum = (taken + [amount]).reduce(Int128(0)) { $0 + Int128($1.thousandths) }
        guard let content = vial.received?.body.contentMg, sum <= Int128(content.thousandths) else {
            throw refuse(
                .conflict, "vial-exceeded",
                "\(field) is more than the vial can still hold by what was received, dispensed, returned and lost; check the amount and the vial.",
                at: "/data/\(field)")
        }
    }

    private func unknownVial(at field: String? = nil) -> Stop {
        guard let field else {
            return refuse(
                .notFound, "unknown-vial",
                "The vial on the stream \(proposal.stream) had not been received by this time; record DrugReceived first.")
        }
        return refuse(
            .invalid, "unknown-vial", "vial names none that had been received by this time; record DrugReceived first, or correct the id.",
            at: field)
    }
}
