public import Canonical
public import Foundation

extension VialAccount {
    /// One line of the account.
    public struct Movement: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case received
            /// Drawn up for a session. It is still the clinic's, so the balance stays.
            case dispensed
            /// One infusion, from its start to its end, boluses included. It is booked when it ended.
            case given
            case wasted, returned, lost
            /// Somebody looked; the balance stays.
            case counted
        }

        public let kind: Kind
        /// When it happened; an infusion counts at its end, or at the last fact known of it while it runs.
        public let at: Timestamp
        public let position: Int64
        public let event: UUID
        public let type: EventType
        /// When the event itself happened: for an infusion that runs, its start; for an inventory, when it was entered.
        public let occurredAt: Timestamp
        public let stream: StreamID
        public let actor: String
        public let witness: String?
        public let session: UUID?
        /// What the event names. Of infusions: what the vial's exact total grew by, so that the amounts add up to the total.
        public let amount: Milligrams
        /// What should be left after it.
        public let balance: Milligrams
        /// Of counts: see ``Comparison/unexplained``.
        public let unexplained: Milligrams?

        /// What came in.
        public var incoming: Milligrams { kind == .received ? amount : .zero }
        /// What left the clinic's stock.
        public var outgoing: Milligrams {
            switch kind {
            case .given, .wasted, .returned, .lost: amount
            case .received, .dispensed, .counted: .zero
            }
        }
    }

    /// Every movement in the order of happening, with the balance after each. The last one's balance is that of ``balance(at:)``.
    public func statement() throws(QuantityError) -> [Movement] {
        var lines: [Movement] = []
        var infused = InfusedAmount()
        var balance = Milligrams.zero
        for entry in entries() {
            var amount = entry.amount
            if let draw = entry.draw {
                let before = try infused.total
                try draw.add(until: nil, to: &infused)
                amount = try infused.total.subtracting(before)
            }
            switch entry.kind {
            case .received: balance = try balance.adding(amount)
            case .given, .wasted, .returned, .lost: balance = try balance.subtracting(amount)
            case .dispensed, .counted: break
            }
            lines.append(
                Movement(
                    kind: entry.kind, at: entry.at, position: entry.position, event: entry.event, type: entry.type,
                    occurredAt: entry.occurredAt, stream: entry.stream, actor: entry.actor, witness: entry.witness, session: entry.session,
                    amount: amount, balance: balance,
                    unexplained: try unexplained(entry.count)))
        }
        return lines
    }

    private func unexplained(_ count: Count?) throws(QuantityError) -> Milligrams? {
        guard let count else { return nil }
        return try comparison(with: count).unexplained
    }

    /// A movement before its amount and the balance are known.
    private struct Entry {
        let kind: Movement.Kind
        let at: Timestamp
        let position: Int64
        let event: UUID
        let type: EventType
        let occurredAt: Timestamp
        let stream: StreamID
        let actor: String
        var witness: String?
        var session: UUID?
        var amount = Milligrams.zero
        var draw: Draw?
        var count: Count?

        init(_ kind: Movement.Kind, _ fact: Charted<some EventData>, on stream: StreamID, at: Timestamp? = nil) {
            self.kind = kind
            self.at = at ?? fact.at
            position = fact.position
            event = fact.id
            type = Swift.type(of: fact.body).eventType
            occurredAt = fact.at
            self.stream = stream
            actor = fact.actor
        }

        init(_ count: Count) {
            kind = .counted
            at = count.at
            position = count.position
            event = count.event
            type = count.type
            occurredAt = count.occurredAt
            stream = count.stream
            actor = count.actor
            witness = count.witness
            amount = count.onHand
            self.count = count
        }

        func with(_ change: (inout Entry) -> Void) -> Entry {
            var entry = self
            change(&entry)
            return entry
        }
    }

    private func entries() -> [Entry] {
        let own = StreamID.vial(vial)
        var entries = counts.map { Entry($0) }
        if let received = state.received {
            entries.append(Entry(.received, received, on: own).with { $0.amount = received.body.contentMg })
        }
        for fact in state.dispensings {
            entries.append(
                Entry(.dispensed, fact, on: own).with {
                    $0.amount = fact.body.drawnMg
                    $0.session = fact.body.session
                })
        }
        for draw in draws {
            let stream = StreamID.session(draw.session)
            let entry = draw.run.stop.map { Entry(.given, $0, on: stream) } ?? Entry(.given, draw.run.start, on: stream, at: draw.until)
            entries.append(
                entry.with {
                    $0.session = draw.session
                    $0.draw = draw
                })
        }
        for fact in state.wastings {
            entries.append(
                Entry(.wasted, fact, on: own).with {
                    $0.amount = fact.body.amountMg
                    $0.session = fact.body.session
                    $0.witness = fact.body.witness
                })
        }
        for fact in state.returns { entries.append(Entry(.returned, fact, on: own).with { $0.amount = fact.body.amountMg }) }
        for fact in state.losses { entries.append(Entry(.lost, fact, on: own).with { $0.amount = fact.body.amountMg }) }
        return entries.sorted { ($0.at, $0.position) < ($1.at, $1.position) }
    }
}
