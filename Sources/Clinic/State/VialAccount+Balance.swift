public import Canonical
public import Foundation

/// A place in the order of happening: what stands at it is included. Facts of one instant count in the order of the log, so that a count at
/// 09:00 and an amount drawn at 09:00 are told apart.
struct AccountBound: Sendable, Hashable {
    let at: Timestamp
    let position: Int64

    static let end = AccountBound(at: Timestamp(microseconds: .max), position: .max)

    init(at: Timestamp, position: Int64 = .max) {
        self.at = at
        self.position = position
    }

    func includes(_ fact: Charted<some Any>) -> Bool { (fact.at, fact.position) <= (at, position) }
}

extension VialAccount {
    /// The sums of an account at an instant.
    public struct Balance: Sendable, Hashable {
        public let received: Milligrams
        /// Drawn up for sessions: a part of it is given, the rest is wasted, so it is no sum of its own in ``expected``.
        public let dispensed: Milligrams
        public let given: Milligrams
        public let wasted: Milligrams
        public let returned: Milligrams
        public let lost: Milligrams
        /// What should be left, in the vial and in the syringes drawn from it: received less given, wasted, returned and lost.
        /// Below zero where more went out than came in.
        public let expected: Milligrams
    }

    /// The account at an instant, inclusive; nil for all that is known.
    /// - Throws: ``QuantityError/overflow``, which no log that fits on a disk comes near.
    public func balance(at instant: Timestamp? = nil) throws(QuantityError) -> Balance {
        try balance(instant.map { AccountBound(at: $0) } ?? .end)
    }

    /// What the infusions from the vial gave by an instant, exact over all of them and rounded once.
    /// - Parameter session: of this session only.
    public func given(to session: UUID? = nil, at instant: Timestamp? = nil) throws(QuantityError) -> Milligrams {
        var amount = InfusedAmount()
        for draw in draws where session == nil || draw.session == session {
            try draw.add(until: instant, to: &amount)
        }
        return try amount.total
    }

    /// What was drawn up for a session.
    public func dispensed(for session: UUID, at instant: Timestamp? = nil) throws(QuantityError) -> Milligrams {
        try dispensed(for: session, instant.map { AccountBound(at: $0) } ?? .end)
    }

    /// What was wasted of a session's; wastings that name no session are nobody's.
    public func wasted(from session: UUID, at instant: Timestamp? = nil) throws(QuantityError) -> Milligrams {
        try wasted(from: session, instant.map { AccountBound(at: $0) } ?? .end)
    }

    func balance(_ bound: AccountBound) throws(QuantityError) -> Balance {
        let received = state.received.map { bound.includes($0) ? $0.body.contentMg : .zero } ?? .zero
        let given = try given(at: bound.at)
        let wasted = try Milligrams.sum(of: state.wastings.filter(bound.includes).map(\.body.amountMg))
        let returned = try Milligrams.sum(of: state.returns.filter(bound.includes).map(\.body.amountMg))
        let lost = try Milligrams.sum(of: state.losses.filter(bound.includes).map(\.body.amountMg))
        return Balance(
            received: received, dispensed: try Milligrams.sum(of: state.dispensings.filter(bound.includes).map(\.body.drawnMg)),
            given: given, wasted: wasted, returned: returned, lost: lost,
            expected: try received.subtracting(given).subtracting(wasted).subtracting(returned).subtracting(lost))
    }

    func dispensed(for session: UUID, _ bound: AccountBound) throws(QuantityError) -> Milligrams {
        try Milligrams.sum(of: state.dispensings.filter { $0.body.session == session && bound.includes($0) }.map(\.body.drawnMg))
    }

    func wasted(from session: UUID, _ bound: AccountBound) throws(QuantityError) -> Milligrams {
        try Milligrams.sum(of: state.wastings.filter { $0.body.session == session && bound.includes($0) }.map(\.body.amountMg))
    }
}

extension VialAccount.Draw {
    /// What this infusion gave, alone: its boluses and the integral of its rate, rounded once.
    public var given: Milligrams {
        get throws(QuantityError) {
            var amount = InfusedAmount()
            try add(until: nil, to: &amount)
            return try amount.total
        }
    }

    func add(until instant: Timestamp?, to amount: inout InfusedAmount) throws(QuantityError) {
        try run.add(until: min(instant ?? until, until), to: &amount)
    }
}

extension Quantity {
    static func sum(of amounts: [Quantity]) throws(QuantityError) -> Quantity {
        var sum = Quantity.zero
        for amount in amounts { sum = try sum.adding(amount) }
        return sum
    }
}
