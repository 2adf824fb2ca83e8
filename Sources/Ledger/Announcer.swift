import Foundation
import Logging
import Postgres

/// Tells followers that a log has grown: those of this process at once, those of others by NOTIFY.
///
/// NOTIFY runs outside the append's transaction (inside, it would serialise all commits of the server), and coalesced: while one
/// is under way the next names gather. It is a hint only: followers poll as well, so a lost one costs time and nothing else, and the commit
/// that carries it waits for no disk.
///
/// The actor owns the set of names to announce, the waiting followers and the two tasks; both tasks end in `close`.
actor Announcer {
    static let channel = "dripline_log"
    /// Tells of checkpoints rather than of events.
    static let checkpointChannel = "dripline_checkpoint"

    private let channel: String
    private let settings: ConnectionSettings
    private let logger: Logger
    private var pending: Set<LogName> = []
    private var sender: Task<Void, Never>?
    private var listener: Task<Void, Never>?
    private var followers: [UUID: (log: LogName?, wake: CheckedContinuation<Void, Never>)] = [:]
    /// How often each log, and any log (nil), was announced here: a follower that read before the last announcement does not sleep.
    private var counts: [LogName?: UInt64] = [:]
    private var sending: Connection?
    private var closed = false

    init(channel: String = Announcer.channel, settings: ConnectionSettings, logger: Logger) {
        self.channel = channel
        self.settings = settings.setting(option: "synchronous_commit", to: "off")
        self.logger = logger
    }

    /// Returns at once; the announcement follows.
    nonisolated func announce(_ log: LogName) {
        Task { await self.enqueue(log) }
    }

    private func enqueue(_ log: LogName) {
        wake(log)
        guard !closed else { return }
        pending.insert(log)
        if sender == nil { sender = Task { await self.sendAll() } }
    }

    /// Between two announcements: a tenth of what a follower may be late, and a statement less beside each append.
    private static let pause: Duration = .milliseconds(5)

    private func sendAll() async {
        while !pending.isEmpty {
            let names = pending.map(\.description)
            pending = []
            do {
                let connection = try await sendingConnection()
                _ = try await connection.query("SELECT pg_notify('\(channel)', n) FROM unnest($1::text[]) AS u (n)", [names])
            } catch {
                // The followers' polling stands in for it.
                logger.debug("an announcement was lost", metadata: ["logs": "\(names.count)"])
                if let broken = sending { await broken.close() }
                sending = nil
            }
            // The first of a burst goes at once; then so many a second are enough.
            try? await Task.sleep(for: Announcer.pause)
        }
        sender = nil
    }

    private func sendingConnection() async throws -> Connection {
        if let sending { return sending }
        let new = try await Connection.connect(settings, logger: logger)
        sending = new
        return new
    }

    /// How often the log, or any log (nil), was announced so far. Take it before reading, and hand it to `wait`.
    func count(of log: LogName?) -> UInt64 {
        if listener == nil, !closed { listener = Task { await self.listen() } }
        return counts[log, default: 0]
    }

    /// Returns when the log was announced since `count` was taken, when `limit` has passed, when the task is cancelled, or on `close`.
    /// After it, it waits for the poll interval at most: long enough that a follower that was left over does not spin.
    func wait(for log: LogName?, after count: UInt64, limit: Duration) async {
        guard counts[log, default: 0] == count, !Task.isCancelled else { return }
        let limit = closed ? min(limit, Ledger.pollInterval) : limit
        let id = UUID()
        let timer = Task {
            try? await Task.sleep(for: limit)
            self.release(id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { followers[id] = (log, $0) }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func release(_ id: UUID) { followers.removeValue(forKey: id)?.wake.resume() }

    private func wake(_ log: LogName) {
        counts[log, default: 0] += 1
        counts[nil, default: 0] += 1
        for (id, follower) in followers where follower.log == nil || follower.log == log {
            followers[id] = nil
            follower.wake.resume()
        }
    }

    /// Hears other processes' announcements, over one connection for all followers; connects again when it is lost.
    private func listen() async {
        var backOff = 100
        while !Task.isCancelled {
            do {
                let connection = try await Connection.connect(settings, logger: logger)
                do {
                    try await connection.execute("LISTEN \(channel)")
                    backOff = 100
                    while !Task.isCancelled {
                        guard let heard = try await connection.nextNotification(timeoutMilliseconds: 1000) else { continue }
                        if let log = LogName(description: heard.payload) { wake(log) }
                    }
                } catch {
                    logger.debug("listening was interrupted")
                }
                await connection.close()
            } catch {
                logger.debug("cannot listen for announcements yet")
            }
            try? await Task.sleep(for: .milliseconds(backOff))
            backOff = min(backOff * 2, 2000)
        }
    }

    func close() async {
        closed = true
        await sender?.value
        listener?.cancel()
        await listener?.value
        for id in followers.keys { release(id) }
        await sending?.close()
        sending = nil
    }
}
