import Canonical
import Clinic
import Foundation

extension Evidence {
    /// The account of the vial; nil where the stream is not one.
    var account: VialAccount? {
        guard stream.kind == .vial, let id = stream.id else { return nil }
        return VialAccount(id, vial, sessions: sessions, inventories: reference.inventories)
    }

    /// The time that deadlines are judged by. Without one, when the last event of the stream was recorded.
    var now: Timestamp { asOf ?? history.events.last?.recordedAt ?? Timestamp(microseconds: .min) }

    /// What is said where amounts don't fit: no log gets there, but a rule may neither trap nor guess.
    var uncountable: Finding { finding(.indeterminate, "The amounts are too large to be added up") }
}

/// What was drawn up for one session from one vial, and what became of it.
struct Leftover: Sendable {
    let session: UUID
    let dispensings: [Charted<DrugDispensed>]
    /// The last end of an infusion from the vial; nil where none was started.
    let ended: DecidingEvent?
    let drawn: Milligrams
    let given: Milligrams
    /// What was wasted under the name of the session, whenever.
    let wasted: Milligrams
    /// When it was left over: at the end of the last infusion; where none was started, when it was drawn.
    let arose: Timestamp
    /// An infusion from the vial still runs: what will be left is not known yet.
    let isRunning: Bool

    /// What has to be wasted; below zero where more was given than drawn.
    var amount: Milligrams { Milligrams(thousandths: drawn.thousandths - given.thousandths) }
    /// What is still there.
    var remaining: Milligrams { Milligrams(thousandths: max(0, amount.thousandths - wasted.thousandths)) }

    /// The end of the day on which it arose. The domain has no time zone for a clinic, and midnight UTC falls into the working day of many: so it
    /// is midnight UTC, but never sooner than 12 hours later. Twelve hours on, no clinic is in the same working day, wherever it is.
    var due: Timestamp {
        let midnight = Timestamp(microseconds: (arose.date.dayNumber + 1) * 86_400_000_000)
        return max(midnight, arose.adding(minutes: 12 * 60))
    }

    /// Whether nothing is certain yet.
    func isOpen(at now: Timestamp) -> Bool { isRunning || now < due }
}

extension VialAccount {
    /// For each session that something was drawn for, in the order of its first dispensing.
    func leftovers() throws(QuantityError) -> [Leftover] {
        var leftovers: [Leftover] = []
        for (session, dispensings) in Dictionary(grouping: state.dispensings, by: \.body.session) {
            let draws = draws.filter { $0.session == session }
            let last = draws.last
            let ended = last.map { draw in
                draw.run.stop.map { DecidingEvent($0, on: .session(session)) } ?? DecidingEvent(draw.run.start, on: .session(session))
            }
            leftovers.append(
                Leftover(
                    session: session, dispensings: dispensings, ended: ended, drawn: try dispensed(for: session),
                    given: try given(to: session), wasted: try wasted(from: session),
                    arose: max(last?.until ?? .distantPast, dispensings.last?.at ?? .distantPast),
                    isRunning: draws.contains { $0.run.isRunning }))
        }
        return leftovers.sorted { ($0.dispensings[0].at, $0.dispensings[0].position) < ($1.dispensings[0].at, $1.dispensings[0].position) }
    }
}

extension Timestamp {
    fileprivate static var distantPast: Timestamp { Timestamp(microseconds: .min) }
}

extension DecidingEvent {
    init(_ movement: VialAccount.Movement) {
        event = movement.event
        position = movement.position
        stream = movement.stream
        type = movement.type
        actor = movement.actor
        occurredAt = movement.occurredAt
    }
}
