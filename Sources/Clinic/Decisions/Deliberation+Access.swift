import Foundation

/// The access log: mostly facts that the system states, so whoever their author is they are taken. Staff and patients stand in the other log and
/// are only looked at.
extension Deliberation {
    /// - Parameter patient: must be registered; nil where none is named or where it doesn't matter.
    mutating func judgeAccess(to patient: UUID?) throws(Stop) {
        try requireRole()
        if let patient { _ = try requirePatient(patient) }
    }

    mutating func judge(_ review: BreakGlassReviewed) throws(Stop) {
        try requireRole()
        let facts = try consult(proposal.stream).clinical
        guard let invocation = facts.first(where: { $0.id == review.invocation }), case .breakGlassInvoked = invocation.body,
            invocation.occurredAt <= event.occurredAt
        else {
            throw refuse(
                .invalid, "unknown-invocation",
                "invocation names no BreakGlassInvoked on the stream \(proposal.stream) by this time; give the id of the one reviewed.",
                at: "/data/invocation")
        }
        guard invocation.actor != proposal.actor else {
            throw refuse(
                .forbidden, "own-invocation", "\(proposal.actor) invoked this break-glass access; have somebody else review it.")
        }
        let isReviewed = facts.contains {
            guard case .breakGlassReviewed(let other) = $0.body else { return false }
            return other.invocation == review.invocation
        }
        guard !isReviewed else {
            throw refuse(
                .conflict, "already-reviewed", "This break-glass access is reviewed already; amend the review to change it.",
                at: "/data/invocation")
        }
    }
}
