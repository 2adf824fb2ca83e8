import Foundation

extension VialAccount {
    /// What a count found beside what should have been there.
    public struct Comparison: Sendable, Hashable {
        /// The account at the time of the count.
        public let balance: Balance
        /// What was in syringes at the time, and was given or wasted afterwards.
        public let atChair: Milligrams
        /// What was missing and has been reported as lost after the count.
        public let reportedLater: Milligrams
        /// What nobody has explained: positive where something is missing, negative where the vial holds too much.
        public let unexplained: Milligrams
        /// What was in syringes at the time and has neither been given nor wasted since: a part of ``unexplained``, for which there may still be
        /// an innocent end.
        public let stillOut: Milligrams
    }

    /// Compares a count with the account.
    ///
    /// Who counts looks at the vial, not at the syringes at the chairs. What had been drawn by then and was given or wasted later, under the name
    /// of the same session, was therefore not missing. Nor was what was reported as lost after the count, up to what the count missed.
    public func comparison(with count: Count) throws(QuantityError) -> Comparison {
        let bound = AccountBound(at: count.at, position: count.position)
        let balance = try balance(bound)
        var atChair = Milligrams.zero
        var stillOut = Milligrams.zero
        for session in Set(state.dispensings.filter(bound.includes).map(\.body.session)) {
            let drawn = try dispensed(for: session, bound)
            let out = max(.zero, try drawn.subtracting(try used(by: session, bound)))
            let later = try used(by: session, .end).subtracting(try used(by: session, bound))
            let settled = min(out, max(.zero, later))
            atChair = try atChair.adding(settled)
            stillOut = try stillOut.adding(out).subtracting(settled)
        }
        let missing = try balance.expected.subtracting(count.onHand).subtracting(atChair)
        let lostLater = try self.balance(.end).lost.subtracting(balance.lost)
        let reportedLater = min(max(.zero, missing), lostLater)
        return Comparison(
            balance: balance, atChair: atChair, reportedLater: reportedLater, unexplained: try missing.subtracting(reportedLater),
            stillOut: stillOut)
    }

    /// What became of the amounts drawn for a session.
    private func used(by session: UUID, _ bound: AccountBound) throws(QuantityError) -> Milligrams {
        try given(to: session, at: bound.at).adding(try wasted(from: session, bound))
    }
}
