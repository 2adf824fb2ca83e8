import Foundation
import Logging
import Postgres

/// Lets any number of callers wait until a checkpoint covers a position, at the cost of one.
///
/// While somebody waits for a log, one task looks how far its last checkpoint reaches: when a sealer of this process or, by NOTIFY, of another
/// announces one, and at the latest after `pollInterval`, since an announcement may be lost.
///
/// The actor owns the waiting callers and the tasks; a log's task ends when nobody waits for it any more.
actor CheckpointWatch {
    /// The longest that a covering checkpoint goes unseen when nobody announces it.
    static let pollInterval: Duration = .milliseconds(250)

    private struct Waiting {
        let position: Int64
        let answer: CheckedContinuation<Bool, Never>
    }

    private let announcer: Announcer
    private let pool: Pool
    private let logger: Logger
    private var waiting: [LogName: [UUID: Waiting]] = [:]
    private var watches: [LogName: Task<Void, Never>] = [:]
    private var isClosed = false

    init(_ settings: ConnectionSettings, pool: Pool, logger: Logger) {
        announcer = Announcer(channel: Announcer.checkpointChannel, settings: settings, logger: logger)
        self.pool = pool
        self.logger = logger
    }

    /// A checkpoint of this log was stored. Returns at once.
    nonisolated func announce(_ log: LogName) { announcer.announce(log) }

    /// Waits until a checkpoint covers the position.
    /// - Returns: false when that takes longer than `limit`, when the task is cancelled, or on `close`.
    func wait(for log: LogName, number: Int32, covering position: Int64, limit: Duration) async -> Bool {
        guard !isClosed, !Task.isCancelled else { return false }
        let id = UUID()
        let timer = Task {
            try? await Task.sleep(for: limit)
            self.answer(id, of: log, false)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                waiting[log, default: [:]][id] = Waiting(position: position, answer: answer)
                if watches[log] == nil { watches[log] = Task { await self.watch(log, number) } }
            }
        } onCancel: {
            timer.cancel()
        }
    }

    /// Callers that wait for this log.
    func waitingCount(_ log: LogName) -> Int { waiting[log]?.count ?? 0 }

    private func watch(_ log: LogName, _ number: Int32) async {
        while waiting[log]?.isEmpty == false {
            let mark = await announcer.count(of: log)
            do {
                let size = try await pool.withConnection { connection in
                    try await connection.query(
                        "SELECT size FROM dripline.checkpoints WHERE log_id = $1 ORDER BY size DESC LIMIT 1", [number]
                    ).first?.value(0, as: Int64.self)
                }
                for (id, entry) in waiting[log] ?? [:] where entry.position <= size ?? 0 { answer(id, of: log, true) }
            } catch {
                logger.debug("checkpoints cannot be read, trying again", metadata: ["log": "\(log)"])
            }
            guard waiting[log]?.isEmpty == false else { break }
            await announcer.wait(for: log, after: mark, limit: CheckpointWatch.pollInterval)
        }
        watches[log] = nil
        waiting[log] = nil
    }

    private func answer(_ id: UUID, of log: LogName, _ isCovered: Bool) {
        waiting[log]?.removeValue(forKey: id)?.answer.resume(returning: isCovered)
    }

    func close() async {
        isClosed = true
        for (log, entries) in waiting { for id in entries.keys { answer(id, of: log, false) } }
        for watch in watches.values { await watch.value }
        await announcer.close()
    }
}

extension Ledger {
    /// Waits until a checkpoint covers a position of a log. However many wait, one look at a time is taken.
    /// - Returns: false when that takes longer than `limit`, or when the task is cancelled.
    public func waitForCheckpoint(of log: LogName, covering position: Int64, limit: Duration) async throws -> Bool {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        return await checkpoints.wait(for: log, number: number, covering: position, limit: limit)
    }
}
