import DequeModule
import Foundation

/// Group commit across logs: while `maximumRunning` calls are under way, the batches of the logs that come meanwhile gather, and the next call takes them
/// all. Each log has at most one batch here at a time, its `Sequencer`'s. A lone log's batch goes straight through.
///
/// The actor owns the queue. What a combined call leaves out goes down alone, without keeping the others waiting.
actor Combiner {
    /// One for two processors: the other is for those who decide, and one call with all batches costs less than two with half of them.
    static let maximumRunning = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    static let maximumEvents = 2000

    private struct Waiting {
        let batch: LogBatch
        let answer: CheckedContinuation<[AppendOutcome], any Error>
    }

    /// How long a call keeps others waiting. One that takes longer, because its log is held or the disk is slow, goes on beside the others: one clinic's
    /// trouble stays its own.
    private var patience: Duration = .milliseconds(20)

    private var waiting: Deque<Waiting> = []
    /// The calls under way that others wait for, by number, and since when.
    private var running: [UInt64: ContinuousClock.Instant] = [:]
    private var lastNumber: UInt64 = 0
    private var isLooking = false

    /// Batches that wait for the next call.
    var waitingCount: Int { waiting.count }

    func setPatience(_ patience: Duration) { self.patience = patience }

    /// As `Ledger.append`.
    func append(_ batch: LogBatch, by ledger: Ledger) async throws -> [AppendOutcome] {
        guard running.count < Self.maximumRunning else {
            return try await withCheckedThrowingContinuation { answer in
                waiting.append(Waiting(batch: batch, answer: answer))
                if !isLooking { lookAgain(ledger) }
            }
        }
        let number = start()
        defer { ended(number, ledger) }
        return try await ledger.append(batch.commands, to: batch.log)
    }

    private func start() -> UInt64 {
        lastNumber += 1
        running[lastNumber] = .now
        return lastNumber
    }

    private func ended(_ number: UInt64, _ ledger: Ledger) {
        running[number] = nil
        goOn(ledger)
    }

    private func goOn(_ ledger: Ledger) {
        while running.count < Self.maximumRunning, !waiting.isEmpty {
            let (next, number) = (take(), start())
            Task {
                if next.count > 1 { await together(next, ledger) } else { await Self.alone(next[0], ledger) }
                // The logs that were just answered come first, so that their next batches go down with those that wait.
                if !waiting.isEmpty { await Task.yield() }
                ended(number, ledger)
            }
        }
    }

    /// While batches wait, calls that take long stop counting.
    private func lookAgain(_ ledger: Ledger) {
        isLooking = true
        Task {
            defer { isLooking = false }
            while !waiting.isEmpty {
                try? await Task.sleep(for: patience)
                let limit = ContinuousClock.now - patience
                running = running.filter { $0.value > limit }
                goOn(ledger)
            }
        }
    }

    private func take() -> [Waiting] {
        var (taken, events): ([Waiting], Int) = ([], 0)
        while let first = waiting.first {
            events += first.batch.commands.reduce(0) { $0 + $1.events.count }
            guard taken.isEmpty || events <= Self.maximumEvents else { break }
            taken.append(waiting.removeFirst())
        }
        return taken
    }

    private func together(_ batches: [Waiting], _ ledger: Ledger) async {
        do {
            for (waiting, outcomes) in zip(batches, try await ledger.appendMany(batches.map(\.batch))) {
                if let outcomes {
                    waiting.answer.resume(returning: outcomes)
                } else {
                    Task { await Self.alone(waiting, ledger) }
                }
            }
        } catch LedgerError.malformed, LedgerError.database {
            // One log's trouble must not be the others'.
            for waiting in batches { Task { await Self.alone(waiting, ledger) } }
        } catch {
            for waiting in batches { waiting.answer.resume(throwing: error) }
        }
    }

    private static func alone(_ waiting: Waiting, _ ledger: Ledger) async {
        do {
            waiting.answer.resume(returning: try await ledger.append(waiting.batch.commands, to: waiting.batch.log))
        } catch {
            waiting.answer.resume(throwing: error)
        }
    }
}
