public import Canonical
public import Clinic
public import Ledger
import Projections

/// Why requests were not recorded together, and which of them is to blame.
public struct TogetherError: Error, Sendable {
    /// The first request that does not fit, from 0; nil where no single one is to blame.
    public let index: Int?
    public let reason: RecordingError

    /// Pointers into the list of requests, with what is wrong there.
    public var problems: [Problem] {
        guard let index else { return reason.problems }
        let inside = reason.problems.map { Problem(pointer: "/\(index)" + $0.pointer, message: $0.message) }
        return inside.isEmpty ? [Problem(pointer: "/\(index)", message: reason.message)] : inside
    }

    /// RFC 9457 problem details.
    public var json: JSON {
        .problem(
            reason.code, status: reason.status, detail: reason.message, gate: reason.gate,
            errors: problems.map { ($0.pointer, $0.message) })
    }
}

extension Recorder {
    /// Requests recorded together at most, and their events.
    public static let maximumRequestsTogether = 200
    public static let maximumEventsTogether = 1000

    /// Records requests of one log in one commit, each decided on top of those before it; or throws why not, and then nothing of any is written.
    ///
    /// Sent again, it answers with the first receipts: each command is recorded once.
    /// - Throws: `TogetherError`
    public func record(
        together requests: [AppendRequest], in clinic: LogName, actor: String, roles: Set<StaffRole>? = nil
    ) async throws(TogetherError) -> [Recorded] {
        let log = try check(requests, in: clinic, actor: actor)
        for attempt in 1...Recorder.maximumAttempts {
            let commands = try await decide(requests, in: log, actor: actor, roles: roles, yields: attempt == Recorder.maximumAttempts)
            let outcomes: [AppendOutcome]
            do {
                outcomes = try await ledger.appendTogether(commands, to: log)
            } catch {
                throw TogetherError(index: nil, reason: recordingError(error))
            }
            cache.forget(requests.map(\.stream), in: log.clinic)
            let recorded = outcomes.compactMap { outcome -> Recorded? in
                switch outcome {
                case .appended(let receipts): Recorded(receipts: receipts, isRepeat: false)
                case .repeated(let receipts): Recorded(receipts: receipts, isRepeat: true)
                case .reused, .conflict: nil
                }
            }
            if recorded.count == requests.count { return recorded }
            try refuse(requests, outcomes)
        }
        throw TogetherError(index: nil, reason: .contended(attempts: Recorder.maximumAttempts))
    }

    /// The log that all of them go to.
    private func check(_ requests: [AppendRequest], in clinic: LogName, actor: String) throws(TogetherError) -> LogName {
        func invalid(_ index: Int?, _ pointer: String, _ message: String) -> TogetherError {
            TogetherError(index: index, reason: .invalid(ValidationError([Problem(pointer: pointer, message: message)])))
        }
        guard StaffHandle.isValid(actor) else { throw TogetherError(index: nil, reason: .badActor) }
        guard let first = requests.first, requests.count <= Recorder.maximumRequestsTogether else {
            throw invalid(nil, "", "a batch must hold 1 to \(Recorder.maximumRequestsTogether) requests")
        }
        guard requests.reduce(0, { $0 + $1.events.count }) <= Recorder.maximumEventsTogether else {
            throw invalid(nil, "", "a batch must hold \(Recorder.maximumEventsTogether) events at most: send them in several")
        }
        let log = clinic.with(first.stream.kind.log)
        for (index, request) in requests.enumerated() where request.stream.kind.log != log.kind {
            throw invalid(index, "/stream", "a batch goes into one log, and this stream stands in another than the first request's")
        }
        for (index, request) in requests.enumerated() where requests[..<index].contains(where: { $0.command == request.command }) {
            throw invalid(index, "/command", "the same command stands in the batch twice")
        }
        return log
    }

    private func decide(
        _ requests: [AppendRequest], in log: LogName, actor: String, roles: Set<StaffRole>?, yields: Bool
    ) async throws(TogetherError) -> [AppendCommand] {
        var working = Working()
        var commands: [AppendCommand] = []
        for (index, request) in requests.enumerated() {
            let proposal = request.proposal(actor: actor, roles: roles)
            decision: while true {
                switch Clinic.decide(proposal, known: working.histories, now: .now()) {
                case .needs(let streams):
                    do {
                        working.merge(try await load(streams, of: log))
                    } catch {
                        throw TogetherError(index: nil, reason: error)
                    }
                case .refused(let refusal):
                    throw TogetherError(index: index, reason: .refused(refusal))
                case .accepted(let acceptance):
                    // The last time, what is never blocked goes in whatever others do.
                    let drops = yields && acceptance.isNeverBlocked
                    commands.append(request.appendCommand(actor: actor, acceptance: acceptance, dropsConditions: drops))
                    working.put(request, proposal, acceptance)
                    break decision
                }
            }
        }
        return commands
    }

    /// Throws for what another attempt would not change.
    private func refuse(_ requests: [AppendRequest], _ outcomes: [AppendOutcome]) throws(TogetherError) {
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .reused: throw TogetherError(index: index, reason: .commandReused)
            case .conflict(let stream, let expected, let actual):
                let request = requests[index]
                if let wanted = request.expectedVersion, stream == request.stream.description, wanted == expected {
                    throw TogetherError(index: index, reason: .versionConflict(stream: stream, expected: expected, actual: actual))
                }
            case .appended, .repeated: break
            }
        }
    }
}

extension RecordingError {
    static let badActor = RecordingError.badName(
        "the actor must be a staff handle: 1 to 64 of letters, digits and . _ -, starting with a letter or digit")
}
