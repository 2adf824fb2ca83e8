import Canonical

extension Deliberation {
    /// What is around the events: the actor, the override, the time of charting.
    mutating func checkEnvelope() throws(Stop) {
        guard StaffHandle.isValid(proposal.actor) else {
            throw refuseRequest(
                "invalid-actor", "The actor is not a staff handle; give 1 to 64 letters, digits, dots, underscores or hyphens.",
                at: "/actor")
        }
        guard !proposal.events.isEmpty else {
            throw refuseRequest("no-events", "There is nothing to record; give at least one event.", at: "/events")
        }
        if let chartedAt = proposal.chartedAt, chartedAt > latest {
            throw refuseRequest(
                "charted-in-the-future", "charted_at is more than \(Self.clockToleranceMinutes) minutes in the future; check the clock.",
                at: "/charted_at")
        }
        guard let request = proposal.override else { return }
        guard let gate = Gate(rawValue: request.gate) else {
            let names = Gate.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuseRequest(
                "override-unknown-gate", "The override names a gate that doesn't exist; use one of \(names).", at: "/override/gate")
        }
        let length = request.reason.unicodeScalars.count
        guard length <= Self.maximumReasonLength, request.reason.contains(where: { !$0.isWhitespace }) else {
            throw refuseRequest(
                "override-reason", "An override needs a reason in words, at most \(Self.maximumReasonLength) characters.",
                at: "/override/reason")
        }
        override = Override(gate: gate, reason: request.reason)
    }

    /// When and where the event stands.
    func checkTime() throws(Stop) {
        let type = event.body.type
        guard type.streams.contains(proposal.stream.kind) else {
            let kinds = type.streams.map(\.rawValue).sorted().joined(separator: " or ")
            throw refuse(
                .invalid, "wrong-stream",
                "\(type) doesn't belong on a \(proposal.stream.kind.rawValue) stream; record it on a \(kinds) stream.", at: "/type")
        }
        guard event.occurredAt <= latest else {
            throw refuse(
                .invalid, "occurred-in-the-future",
                "occurred_at is more than \(Self.clockToleranceMinutes) minutes ahead of the server's clock; check the clock.",
                at: "/occurred_at")
        }
    }

    private var latest: Timestamp { now.adding(minutes: Self.clockToleranceMinutes) }

    private func refuseRequest(_ code: String, _ message: String, at pointer: String) -> Stop {
        .refused(Refusal(kind: .invalid, code: code, message: message, problems: [Problem(pointer: pointer, message: message)]))
    }
}
