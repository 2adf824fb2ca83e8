import Canonical
import Clinic
import Foundation
import Ledger

/// An emergency access that is open: whose it is, and until when.
struct BrokenGlass: Sendable, Hashable {
    /// The BreakGlassInvoked event.
    let invocation: UUID
    let until: Timestamp

    /// How long a broken glass opens a chart, from the time at which the log took it in. Whoever needs longer says so again.
    static let openMinutes: Int64 = 60

    /// What the answers say of it, beside the clinical content: nobody forgets that they are looking in an emergency.
    var json: JSON {
        [
            "invocation": .string(invocation.lowercase), "until": .string(until.description),
            "notice": "This chart is open in an emergency. Every read is recorded and will be reviewed.",
        ]
    }

    /// The same in a header.
    var header: String { "\(invocation.lowercase); until=\(until.description)" }
}

extension Ledger {
    /// The newest emergency access of a member of staff to a patient that is still open. One that was voided opens nothing.
    func brokenGlass(by staff: String, patient: UUID, clinic: String, now: Timestamp) async throws -> BrokenGlass? {
        guard let log = LogName(clinic: clinic, kind: .access) else { return nil }
        let invocations = try await events(
            of: log,
            EventQuery(
                subject: StreamID.patient(patient).description, type: EventType.breakGlassInvoked.rawValue,
                recordedAfter: now.adding(minutes: -BrokenGlass.openMinutes)))
        for invocation in invocations.reversed() where invocation.actor == staff && invocation.payload != nil {
            let voidings = try await events(
                of: log, EventQuery(after: invocation.position, stream: invocation.stream, type: EventType.eventVoided.rawValue))
            let isVoided = voidings.contains { voiding in
                guard let payload = voiding.payload, let data = try? JSON.parse(payload) else { return false }
                return data["target"] == .string(invocation.event.lowercase)
            }
            if !isVoided {
                return BrokenGlass(
                    invocation: invocation.event, until: invocation.recordedAt.adding(minutes: BrokenGlass.openMinutes))
            }
        }
        return nil
    }
}
