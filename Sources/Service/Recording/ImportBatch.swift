import Canonical
import Clinic
import Ledger

/// Lines of one clinic that were decided on top of each other and are not in the log yet.
struct ImportBatch {
    let log: LogName
    let recorder: Recorder
    /// Histories with the batch's own events on top, as if they were in the log.
    private var working: [StreamID: History] = [:]
    private var pending: [Entry] = []

    private typealias Entry = (request: AppendRequest, command: AppendCommand, file: String, line: Int)

    /// Streams kept from one batch to the next.
    static let maximumStreams = 4096

    init(log: LogName, recorder: Recorder) {
        self.log = log
        self.recorder = recorder
    }

    var count: Int { pending.count }

    /// Decides a line on top of those before it. Nothing is written yet.
    mutating func add(_ request: AppendRequest, file: String, line: Int) async throws(RecordingError) {
        let actor = request.actor ?? ""
        let proposal = request.proposal(actor: actor)
        while true {
            switch decide(proposal, known: working, now: .now()) {
            case .needs(let streams):
                working.merge(try await recorder.load(streams, from: log)) { first, _ in first }
            case .refused(let refusal):
                throw .refused(refusal)
            case .accepted(let acceptance):
                pending.append((request, request.appendCommand(actor: actor, acceptance: acceptance), file, line))
                putOnTop(request, proposal, acceptance)
                return
            }
        }
    }

    private mutating func putOnTop(_ request: AppendRequest, _ proposal: Proposal, _ acceptance: Acceptance) {
        // Taken out while it grows, so that it is appended to in place.
        guard var history = working.removeValue(forKey: request.stream) else { return }
        defer { working[request.stream] = history }
        // A command that is in the log already is not put there twice.
        guard !history.events.contains(where: { $0.command == request.command }) else { return }
        for event in proposal.events {
            // Order within the stream is all that counts here; the log gives the real places.
            history.append(
                ChartEvent(
                    position: history.position + 1, version: history.version + 1, id: event.id, stream: request.stream,
                    actor: proposal.actor, command: request.command, occurredAt: event.occurredAt, recordedAt: .now(),
                    chartedAt: request.chartedAt, override: acceptance.override, body: event.body))
        }
    }

    /// Appends what is pending, in one call. Lines whose streams others changed meanwhile are decided again one by one.
    mutating func flush(into report: inout Importer.Report) async throws {
        let batch = pending
        pending = []
        guard !batch.isEmpty else { return }
        var again: [(request: AppendRequest, file: String, line: Int)] = []
        for part in split(batch) {
            let outcomes: [AppendOutcome]
            do {
                outcomes = try await recorder.ledger.append(part.map(\.command), to: log)
            } catch {
                throw recorder.recordingError(error)
            }
            for (entry, outcome) in zip(part, outcomes) {
                switch outcome {
                case .appended(let receipts):
                    report.commands += 1
                    report.events += receipts.count
                case .repeated: report.repeated += 1
                case .reused: refuse(.commandReused, entry.file, entry.line, &report)
                case .conflict: again.append((entry.request, entry.file, entry.line))
                }
            }
        }
        if !again.isEmpty || working.count > ImportBatch.maximumStreams { working = [:] }
        for entry in again {
            do {
                let recorded = try await recorder.record(entry.request, in: log, actor: entry.request.actor ?? "")
                if recorded.isRepeat {
                    report.repeated += 1
                } else {
                    report.commands += 1
                    report.events += recorded.receipts.count
                }
            } catch {
                if case .ledger = error { throw error }
                refuse(error, entry.file, entry.line, &report)
            }
        }
    }

    /// One call of append takes a command once, and a bounded number of events.
    private func split(_ batch: [Entry]) -> [[Entry]] {
        var parts: [[Entry]] = []
        var part: [Entry] = []
        var events = 0
        for entry in batch {
            let count = entry.command.events.count
            if !part.isEmpty, events + count > 5000 || part.contains(where: { $0.command.id == entry.command.id }) {
                parts.append(part)
                (part, events) = ([], 0)
            }
            part.append(entry)
            events += count
        }
        return parts + (part.isEmpty ? [] : [part])
    }
}
