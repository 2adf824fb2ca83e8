import Foundation

/// Corrections are never blocked on a chart, but they must reach something and carry valid data.
extension Deliberation {
    mutating func judge(_ amendment: EventAmended) throws(Stop) {
        let target = try requireTarget(amendment.target)
        if case .eventVoided = target.recorded.body { throw targetIsVoiding() }
        let body: EventBody
        do {
            body = try amendment.body(replacing: target.root.body.type)
        } catch let error as ValidationError {
            throw invalid(error, type: target.root.body.type)
        } catch {
            throw refuse(
                .invalid, "unknown-version", "data_version is not one of \(target.root.body.type): \(error).", at: "/data/data_version")
        }
        guard body.patient == target.root.body.patient else {
            throw refuse(
                .invalid, "amendment-changes-patient",
                "An amendment can't move an event to another patient; void it, and record it where it belongs.", at: "/data/data/patient")
        }
        try checkRole(target.root)
    }

    mutating func judge(_ voiding: EventVoided) throws(Stop) {
        try checkRole(try requireTarget(voiding.target).root)
    }

    /// The event named, and the clinical event that it stands for: itself, or what it amends.
    private func requireTarget(_ id: UUID) throws(Stop) -> (recorded: ChartEvent, root: ChartEvent) {
        let history = try peek(proposal.stream)
        switch history.reach(id) {
        case .success(let found): return (history.events[found.target], history.events[found.root])
        case .failure(.targetIsVoiding): throw targetIsVoiding()
        case .failure(.targetVoided):
            throw refuse(
                .conflict, "target-voided", "target has been voided, and what is voided stays so; record the event anew.",
                at: "/data/target")
        case .failure:
            throw refuse(
                .invalid, "unknown-target",
                "target names no event on the stream \(proposal.stream); give the id of an earlier event there.",
                at: "/data/target")
        }
    }

    private func targetIsVoiding() -> Stop {
        refuse(
            .conflict, "target-is-voiding", "target is itself a voiding, which can't be corrected; record the voided event anew.",
            at: "/data/target")
    }

    private func invalid(_ error: ValidationError, type: EventType) -> Stop {
        let pointer = proposal.pointer(toEvent: index) + "/data/data"
        return .refused(
            Refusal(
                kind: .invalid, code: "invalid-data",
                message: "data is not valid for \(type), the type of the event that it replaces; see the fields named.",
                problems: error.under(pointer).problems))
    }

    /// On the clinic's own stream a correction changes who may do what, so it takes the role of what it corrects. So it does in the access log,
    /// where it could hide an access from review; what no role is needed for there is corrected by those who review.
    private mutating func checkRole(_ root: ChartEvent) throws(Stop) {
        switch proposal.stream.kind {
        case .clinic:
            let reference = try clinic()
            try requireFounded(reference)
            try requireRole(for: root.body.type, reference)
            try requireAdministrator()
        case .access:
            let reference = try clinic()
            try requireFounded(reference)
            try requireRole(root.body.type.roles ?? [.compliance, .administrator], reference)
        default: return
        }
    }
}

extension EventBody {
    /// The patient whose event it is, where the stream doesn't say it. Whom a dispensing was for may have been charted wrong, and may be amended.
    var patient: UUID? { subject?.kind == .patient ? subject?.id : nil }
}
