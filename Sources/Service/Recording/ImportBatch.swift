import Canonical
import Clinic
import Foundation
import Ledger

/// Lines of one log that were decided on top of each other and are not in it yet.
struct ImportBatch {
    let log: LogName
    let recorder: Recorder
    /// Histories with the batch's own events on top, as if they were in the log.
    private var working = Working()
    private var pending: [Entry] = []
    /// The commands of `pending`: one call of append takes a command once.
    private var commands: Set<UUID> = []
    private var events = 0
    private var pendingChanges: Set<StreamID> = []
    /// What is being appended while the next lines are decided.
    private var underWay: (entries: [Entry], changes: Set<StreamID>, outcomes: Task<[AppendOutcome], any Error>)?

    /// The streams that are changed by what may not be in the log yet.
    var changes: Set<StreamID> { pendingChanges.union(underWay?.changes ?? []) }

    private typealias Entry = (request: AppendRequest, command: AppendCommand, line: Importer.Line)

    /// Commands, and events, appended in one call.
    static let maximumCommands = 400
    static let maximumEvents = 5000
    /// Streams kept from one batch to the next.
    static let maximumStreams = 4096

    init(log: LogName, recorder: Recorder) {
        self.log = log
        self.recorder = recorder
    }

    /// Decides a line on top of those before it, and appends what is pending where it does not fit beside this one.
    ///
    /// What was read before may have changed meanwhile, in the log or because a line before this one did not go in after all. Where that lets
    /// in too much, the log's conditions see it. A refusal is only given on histories that were read just now.
    /// - Parameter unsettled: streams that may not be read yet, because what changes them is on its way to the clinic's other log.
    /// - Returns: false where the line needs one of those: then it was not taken.
    mutating func add(
        _ request: AppendRequest, _ line: Importer.Line, into report: inout Importer.Report, unsettled: Set<StreamID> = []
    ) async throws(RecordingError) -> Bool {
        if commands.contains(request.command) || events + request.events.count > ImportBatch.maximumEvents {
            try await launch(into: &report)
        }
        do {
            guard try await decideOnTop(request, line, unsettled) else { return false }
        } catch .refused {
            try await flush(into: &report)
            working.forgetAll()
            guard try await decideOnTop(request, line, unsettled) else { return false }
        }
        if pending.count >= ImportBatch.maximumCommands { try await launch(into: &report) }
        return true
    }

    /// Reads at once what the next requests are decided on, instead of one by one as each of them comes. A hint: what is missing or turns out to have
    /// changed is read when it is needed.
    /// - Parameter unsettled: as of `add`.
    mutating func lookUp(_ requests: [AppendRequest], unsettled: Set<StreamID> = []) async throws(RecordingError) {
        let unknown = Dictionary(requests.filter { working[$0.stream] == nil }.map { ($0.stream, $0) }) { first, _ in first }
        var needed = Set(unknown.keys)
        // The streams themselves, then those that they lead to: the patient of a session, and who charts.
        for _ in 0..<3 {
            let missing = needed.subtracting(unsettled).filter { working[$0] == nil }
            guard !missing.isEmpty else { return }
            working.merge(try await recorder.load(missing, of: log))
            for request in unknown.values {
                let proposal = request.proposal(actor: request.actor ?? "")
                if case .needs(let streams) = decide(proposal, known: working.histories, now: .now()) { needed.formUnion(streams) }
            }
        }
    }

    private mutating func decideOnTop(
        _ request: AppendRequest, _ line: Importer.Line, _ unsettled: Set<StreamID>
    ) async throws(RecordingError) -> Bool {
        let actor = request.actor ?? ""
        let proposal = request.proposal(actor: actor)
        while true {
            switch decide(proposal, known: working.histories, now: .now()) {
            case .needs(let streams):
                guard streams.isDisjoint(with: unsettled) else { return false }
                working.merge(try await recorder.load(streams, of: log))
            case .refused(let refusal):
                throw .refused(refusal)
            case .accepted(let acceptance):
                pending.append((request, request.appendCommand(actor: actor, acceptance: acceptance), line))
                commands.insert(request.command)
                events += request.events.count
                pendingChanges.insert(request.stream)
                working.put(request, proposal, acceptance)
                return true
            }
        }
    }

    /// These streams with the batch's own events on top; read from the log where they are not known.
    mutating func histories(of streams: Set<StreamID>) async throws(RecordingError) -> [StreamID: History] {
        // Where nothing is recorded nothing is flushed either.
        if pending.isEmpty, underWay == nil, working.count > ImportBatch.maximumStreams { working.forgetAll() }
        let missing = streams.filter { working[$0] == nil }
        if !missing.isEmpty { working.merge(try await recorder.load(missing, of: log)) }
        return streams.reduce(into: [:]) { found, stream in found[stream] = working[stream] }
    }

    /// Reads this stream anew when it is needed again.
    mutating func forget(_ stream: StreamID) { working.forget(stream) }

    /// Appends what is pending, and waits until all of it is in the log or reported.
    mutating func flush(into report: inout Importer.Report) async throws(RecordingError) {
        try await launch(into: &report)
        try await settle(into: &report)
    }

    /// Appends what is pending, in one call, without waiting: meanwhile the next lines are decided on top of it. One such call at a time.
    private mutating func launch(into report: inout Importer.Report) async throws(RecordingError) {
        try await settle(into: &report)
        guard !pending.isEmpty else { return }
        let (batch, ledger, log) = (pending.map(\.command), recorder.ledger, log)
        underWay = (pending, pendingChanges, Task { try await ledger.append(batch, to: log) })
        (pending, commands, events, pendingChanges) = ([], [], 0, [])
        guard working.count > ImportBatch.maximumStreams else { return }
        // What is forgotten is read from the log again, so all of it must be there.
        try await settle(into: &report)
        working.forgetAll()
    }

    /// Waits for what is being appended. Lines whose streams others changed meanwhile are decided again one by one.
    private mutating func settle(into report: inout Importer.Report) async throws(RecordingError) {
        guard let (batch, _, task) = underWay else { return }
        underWay = nil
        let outcomes: [AppendOutcome]
        do {
            outcomes = try await task.value
        } catch {
            throw recorder.recordingError(error)
        }
        var again: [Entry] = []
        for (entry, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .appended(let receipts): report.recorded(receipts.count)
            case .repeated: report.repeated += 1
            case .reused: report.refuse(.commandReused, entry.line)
            case .conflict: again.append(entry)
            }
        }
        // What was decided on top of them meanwhile stays: where it should not, the log's conditions tell.
        if !again.isEmpty { working.forgetAll() }
        for entry in again {
            do {
                let recorded = try await recorder.record(entry.request, in: log, actor: entry.request.actor ?? "")
                if recorded.isRepeat { report.repeated += 1 } else { report.recorded(recorded.receipts.count) }
            } catch .ledger(let error) {
                throw .ledger(error)
            } catch {
                report.refuse(error, entry.line)
            }
        }
    }
}
