public import Canonical
public import Foundation

/// The account of one vial (21 CFR 1304.22(c)): what came in, what went out, what was counted, and what nobody can explain.
///
/// Two kinds of streams make it: the vial's own says what was received, drawn, wasted, returned, lost and counted; the sessions say what was
/// given, by the charted rates and boluses of the infusions that name this vial. The clinic's inventories count too.
///
/// Amounts are whole micrograms. What was given is exact over all infusions from the vial and is rounded once.
public struct VialAccount: Sendable, Hashable {
    public let vial: UUID
    /// The facts on the vial's own stream.
    public let state: VialState
    /// The infusions from this vial, in the order in which they started.
    public let draws: [Draw]
    /// Every look at what the vial holds, in the order of looking.
    public let counts: [Count]

    /// One infusion from the vial.
    public struct Draw: Sendable, Hashable {
        public let session: UUID
        public let run: InfusionRun
        /// Up to when it is known what it gave: its end, or the last fact of its session while it runs. A stop that was forgotten must not let
        /// a drip run for ever.
        public let until: Timestamp
    }

    /// Somebody looked at the vial: a count of its own, or its line in an inventory of the clinic.
    public struct Count: Sendable, Hashable {
        public let at: Timestamp
        public let position: Int64
        public let event: UUID
        public let type: EventType
        /// When the event itself happened: an inventory may be entered after it was taken.
        public let occurredAt: Timestamp
        /// `vial/<uuid>` or `clinic`.
        public let stream: StreamID
        public let actor: String
        public let witness: String?
        public let onHand: Milligrams
    }

    /// - Parameters:
    ///   - sessions: those that may have drawn from the vial, by id; others do no harm.
    ///   - inventories: the clinic's.
    public init(_ vial: UUID, _ state: VialState, sessions: [UUID: SessionState], inventories: [Charted<InventoryTaken>] = []) {
        self.vial = vial
        self.state = state
        draws = sessions.flatMap { id, session in
            session.runs.filter { $0.start.body.vial == vial }.map { run in
                Draw(session: id, run: run, until: run.end ?? max(session.knownUntil ?? run.start.at, run.start.at))
            }
        }.sorted { ($0.run.start.at, $0.run.start.position) < ($1.run.start.at, $1.run.start.position) }
        let own = state.counts.map { count in
            Count(
                at: count.at, position: count.position, event: count.id, type: .vialCounted, occurredAt: count.at, stream: .vial(vial),
                actor: count.actor,
                witness: count.body.witness, onHand: count.body.onHandMg)
        }
        let lines = inventories.compactMap { inventory in
            inventory.body.lines.first { $0.vial == vial }.map { line in
                Count(
                    at: inventory.body.takenAt, position: inventory.position, event: inventory.id, type: .inventoryTaken,
                    occurredAt: inventory.at, stream: .clinic, actor: inventory.actor, witness: nil, onHand: line.onHandMg)
            }
        }
        counts = (own + lines).sorted { ($0.at, $0.position) < ($1.at, $1.position) }
    }

    /// Whether an infusion from the vial still runs, as far as is known.
    public var isInUse: Bool { draws.contains { $0.run.isRunning } }

    /// The sessions that something was drawn for or given to, in no order.
    public var sessions: Set<UUID> {
        Set(draws.map(\.session) + state.dispensings.map(\.body.session))
    }
}
