import Canonical
import Foundation
import Ledger
import Logging
import Projections

/// Makes audit reports that are asked for over HTTP: one at a time, each once for all that ask for it, kept for a while.
///
/// The same scope gives the same bytes, so a kept report is as good as a new one, and one that was dropped can be made again.
///
/// The actor owns the running task and the kept reports.
actor AuditDesk {
    /// Reports kept, the longest unused go first.
    static let maximumKept = 8
    /// Bytes kept, of all reports together.
    static let maximumBytes = 64 << 20

    struct Report: Sendable {
        let json: [UInt8]
        let markdown: [UInt8]
        var bytes: Int { json.count + markdown.count }
    }

    enum State: Sendable {
        case done(Report)
        case running(AuditProgress?)
        /// Another report is being made.
        case waiting
        case failed(any Error)
    }

    private struct Kept {
        let scope: AuditScope
        let outcome: Result<Report, any Error>
    }

    private let ledger: Ledger
    private let logger: Logger
    /// Used last comes last.
    private var kept: [Kept] = []
    private var running: (scope: AuditScope, task: Task<Void, Never>)?
    private var progress: AuditProgress?
    private var isClosed = false

    init(_ ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
    }

    /// Where a report stands; the first to ask for one has it made. A failure is told once, and then tried again.
    func state(of scope: AuditScope) -> State {
        if let index = kept.firstIndex(where: { $0.scope == scope }) {
            let found = kept.remove(at: index)
            switch found.outcome {
            case .success(let report):
                kept.append(found)
                return .done(report)
            case .failure(let error): return .failed(error)
            }
        }
        if let running { return running.scope == scope ? .running(progress) : .waiting }
        guard !isClosed else { return .waiting }
        progress = nil
        running = (scope, Task { await self.make(scope) })
        return .running(nil)
    }

    /// As `state(of:)`, once it is made or the limit has passed.
    func state(of scope: AuditScope, within limit: Duration) async throws -> State {
        let deadline = ContinuousClock.now + limit
        while true {
            let state = state(of: scope)
            switch state {
            case .done, .failed: return state
            case .running, .waiting:
                guard ContinuousClock.now < deadline else { return state }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func make(_ scope: AuditScope) async {
        let outcome: Result<Report, any Error>
        do {
            let audit = try await ledger.withSnapshot(of: scope.clinic) { logs in
                try await Audit.run(logs, scope: scope) { progress in Task { await self.note(progress, scope) } }
            }
            var (json, markdown) = ("", "")
            audit.writeJSON(to: &json)
            audit.writeMarkdown(to: &markdown)
            outcome = .success(Report(json: Array(json.utf8), markdown: Array(markdown.utf8)))
        } catch {
            if !isClosed { logger.error("an audit failed", metadata: ["clinic": "\(scope.clinic)", "error": "\(error)"]) }
            outcome = .failure(error)
        }
        kept.append(Kept(scope: scope, outcome: outcome))
        while kept.count > AuditDesk.maximumKept || (kept.count > 1 && bytes > AuditDesk.maximumBytes) { kept.removeFirst() }
        running = nil
    }

    private var bytes: Int { kept.reduce(0) { $0 + ((try? $1.outcome.get().bytes) ?? 0) } }

    private func note(_ progress: AuditProgress, _ scope: AuditScope) {
        if running?.scope == scope { self.progress = progress }
    }

    /// Stops what is under way and waits for its end.
    func close() async {
        isClosed = true
        running?.task.cancel()
        await running?.task.value
    }
}
