import DequeModule
import Foundation
import Logging

/// Group commit for one log: while a batch is being committed the next one gathers, and an idle log adds no waiting.
///
/// The actor owns the queue; one task at a time drains it. That task belongs to the sequencer, not to a caller, because a batch
/// carries many callers' commands: one caller's cancellation must not cancel the others'.
public actor Sequencer {
    /// Commands that may wait before `append` answers `busy`.
    public static let maximumWaiting = 4096
    static let maximumBatchCommands = 512
    static let maximumBatchEvents = 5000
    /// Of payloads: what one call sends, the server holds in memory several times over.
    static let maximumBatchBytes = 8_000_000

    private struct Waiting {
        let command: AppendCommand
        let answer: CheckedContinuation<AppendOutcome, any Error>
    }

    private let log: LogName
    private unowned let ledger: Ledger
    private var waiting: Deque<Waiting> = []
    private var isDraining = false
    /// The last one that drained the queue; it may have ended.
    private var drain: Task<Void, Never>?

    init(log: LogName, ledger: Ledger) {
        self.log = log
        self.ledger = ledger
    }

    /// Appends one command together with whatever else waits. Returns once it is durable, or was not taken.
    /// - Throws: `LedgerError.busy` at once where too many wait; else as `Ledger.append`.
    public func append(_ command: AppendCommand) async throws -> AppendOutcome {
        guard waiting.count < Sequencer.maximumWaiting else { throw LedgerError.busy(log, waiting: waiting.count) }
        let (start, observer) = (ContinuousClock.now, ledger.observer)
        defer { observer?.appended(.now - start) }
        return try await withCheckedThrowingContinuation { answer in
            waiting.append(Waiting(command: command, answer: answer))
            guard !isDraining else { return }
            isDraining = true
            // It starts right here, on this thread, and holds the ledger: its last owner may let go of it while appends are under way.
            drain = Task.immediate { [ledger] in await self.drainAll(ledger) }
        }
    }

    /// Waits until nothing is queued or in flight.
    func close() async { await drain?.value }

    /// Commands that wait for the next batch.
    var waitingCount: Int { waiting.count }

    private func drainAll(_ ledger: Ledger) async {
        while !waiting.isEmpty {
            let batch = nextBatch()
            let (start, observer) = (ContinuousClock.now, ledger.observer)
            defer { observer?.committed(batch.count, batch.reduce(0) { $0 + $1.command.events.count }, .now - start) }
            do {
                let outcomes = try await ledger.combiner.append(LogBatch(log: log, commands: batch.map(\.command)), by: ledger)
                for (entry, outcome) in zip(batch, outcomes) { entry.answer.resume(returning: outcome) }
            } catch LedgerError.malformed(let reason) where batch.count > 1 {
                // One ill-formed command must not fail its neighbours: each goes alone.
                ledger.logger.error("a batch was malformed, appending its commands one by one", metadata: ["reason": "\(reason)"])
                for entry in batch { await appendAlone(entry, ledger) }
            } catch LedgerError.database where batch.count > 1 {
                for entry in batch { await appendAlone(entry, ledger) }
            } catch {
                for entry in batch { entry.answer.resume(throwing: error) }
            }
        }
        isDraining = false
    }

    private func appendAlone(_ entry: Waiting, _ ledger: Ledger) async {
        do {
            let outcomes = try await ledger.append([entry.command], to: log)
            entry.answer.resume(returning: outcomes[0])
        } catch {
            entry.answer.resume(throwing: error)
        }
    }

    /// Takes from the front: bounded, and never the same command twice in one call.
    private func nextBatch() -> [Waiting] {
        var batch: [Waiting] = []
        var ids: Set<UUID> = []
        var events = 0
        var bytes = 0
        while let next = waiting.first, batch.count < Sequencer.maximumBatchCommands {
            events += next.command.events.count
            bytes += next.command.events.reduce(0) { $0 + $1.payload.utf8.count }
            let fits = events <= Sequencer.maximumBatchEvents && bytes <= Sequencer.maximumBatchBytes
            guard batch.isEmpty || fits, ids.insert(next.command.id).inserted else { break }
            batch.append(waiting.removeFirst())
        }
        return batch
    }
}
