import Canonical
public import Clinic
import Foundation
public import Ledger
public import Logging
import Projections

/// Takes requests through decision and append: loads the streams that a decision depends on, decides, appends under the decision's
/// conditions, and when others were faster loads again and decides anew, a bounded number of times.
public final class Recorder: Sendable {
    let ledger: Ledger
    let logger: Logger
    /// A stream stands in one log of its clinic only, so that one cache serves both.
    let cache = HistoryCache()

    /// How often a request is decided before it is given up as contended.
    static let maximumAttempts = 8

    public init(_ ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
    }

    /// What was recorded.
    public struct Recorded: Sendable, Hashable {
        /// One an event, in the request's order.
        public let receipts: [Receipt]
        /// Whether the same command had been recorded before: then these are its first receipts.
        public let isRepeat: Bool
    }

    /// Records one request, durably, or throws why not; then nothing of it is written.
    /// - Parameters:
    ///   - log: either log of the clinic; the request's stream decides in which of them it is recorded.
    ///   - actor: the staff handle that it is charted under.
    ///   - roles: those that the actor acts in, where that may be fewer than they hold.
    /// - Throws: `RecordingError`
    public func record(
        _ request: AppendRequest, in log: LogName, actor: String, roles: Set<StaffRole>? = nil
    ) async throws(RecordingError) -> Recorded {
        guard StaffHandle.isValid(actor) else { throw .badActor }
        let log = log.with(request.stream.kind.log)
        let proposal = request.proposal(actor: actor, roles: roles)
        for attempt in 1...Recorder.maximumAttempts {
            // Histories from the cache on the first attempt only.
            let (acceptance, read) = try await decision(on: proposal, in: log, usesCache: attempt == 1)
            // The last time, what is never blocked goes in whatever others do.
            let yields = attempt == Recorder.maximumAttempts && acceptance.isNeverBlocked
            let command = request.appendCommand(actor: actor, acceptance: acceptance, dropsConditions: yields)
            switch try await append(command, to: log) {
            case .appended(let receipts):
                cache.keep(read, in: log.clinic)
                cache.extend(request.stream, in: log.clinic, with: events(of: request, proposal, acceptance, receipts))
                return Recorded(receipts: receipts, isRepeat: false)
            case .repeated(let receipts):
                return Recorded(receipts: receipts, isRepeat: true)
            case .reused:
                throw .commandReused
            case .conflict(let stream, let expected, let actual):
                cache.forget(acceptance.conditions.map(\.stream), in: log.clinic)
                if let wanted = request.expectedVersion, stream == request.stream.description, wanted == expected {
                    throw .versionConflict(stream: stream, expected: expected, actual: actual)
                }
            }
        }
        throw .contended(attempts: Recorder.maximumAttempts)
    }

    /// Decides, loading what is asked for. A refusal is only given on histories that were read just now.
    private func decision(
        on proposal: Proposal, in log: LogName, usesCache: Bool
    ) async throws(RecordingError) -> (Acceptance, read: [StreamID: History]) {
        var known: [StreamID: History] = [:]
        var read: [StreamID: History] = [:]
        var restsOnCache = false
        while true {
            switch decide(proposal, known: known, now: .now()) {
            case .accepted(let acceptance):
                return (acceptance, read)
            case .refused(let refusal):
                guard restsOnCache else { throw .refused(refusal) }
                return try await decision(on: proposal, in: log, usesCache: false)
            case .needs(let streams):
                // The log's conditions vouch for what was cached of it, and for nothing of the clinic's other log.
                let cached = usesCache ? cache.histories(of: streams.filter { $0.kind.log == log.kind }, in: log.clinic) : [:]
                restsOnCache = restsOnCache || !cached.isEmpty
                let loaded = try await load(streams.subtracting(cached.keys), of: log)
                known.merge(cached) { first, _ in first }
                known.merge(loaded) { first, _ in first }
                read.merge(loaded) { first, _ in first }
            }
        }
    }

    /// The histories of these streams as the clinic's logs hold them now; empty ones for streams without events.
    func load(_ streams: Set<StreamID>, of clinic: LogName) async throws(RecordingError) -> [StreamID: History] {
        do {
            var histories: [StreamID: History] = [:]
            for (kind, streams) in Dictionary(grouping: streams, by: \.kind.log) {
                let stored = try await ledger.streams(streams.map(\.description), of: clinic.with(kind))
                for stream in streams { histories[stream] = try History(stored: stored[stream.description] ?? [], clinic: clinic.clinic) }
            }
            return histories
        } catch {
            throw recordingError(error)
        }
    }

    private func append(_ command: AppendCommand, to log: LogName) async throws(RecordingError) -> AppendOutcome {
        do {
            return try await ledger.sequencer(for: log).append(command)
        } catch {
            throw recordingError(error)
        }
    }

    func recordingError(_ error: any Error) -> RecordingError {
        switch error {
        case let error as RecordingError: return error
        case let error as LedgerError: return .ledger(error)
        case let error as ProjectionError: return .ledger(.malformed(error.description))
        default: return .ledger(.unreachable("\(error)"))
        }
    }

    /// The events as the log holds them now.
    func events(
        of request: AppendRequest, _ proposal: Proposal, _ acceptance: Acceptance, _ receipts: [Receipt]
    ) -> [ChartEvent] {
        zip(proposal.events, receipts).map { event, receipt in
            ChartEvent(
                position: receipt.position, version: receipt.version, id: receipt.event, stream: request.stream, actor: proposal.actor,
                command: request.command, occurredAt: event.occurredAt, recordedAt: receipt.recordedAt, chartedAt: request.chartedAt,
                override: acceptance.override, body: event.body, signatures: event.signatures)
        }
    }
}
