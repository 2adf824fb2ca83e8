import Canonical
import Clinic
import Foundation
public import Ledger

/// How far an audit has come.
public struct AuditProgress: Sendable {
    public enum Phase: String, Sendable {
        /// Every event is read and verified.
        case verifying
        /// Streams are folded and judged.
        case judging
    }

    public let phase: Phase
    public let done: Int
    public let total: Int
}

/// In how many parts an audit is made: what it finds does not depend on it.
struct AuditPartition: Sendable {
    /// Tasks that read, verify and judge at once, each with a connection of its own. Beyond four the server has no processors left for what they ask.
    var readers = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 4))
    /// Positions that are verified by one of them.
    var stretch = Replay.defaultLength
    /// Events whose streams are judged by one of them.
    var page = AuditPages.defaultEvents
}

extension Audit {
    /// Audits a clinic from the stored bytes of its logs: first every event, to verify and to index, then stream by stream, to fold and to
    /// judge. Several stretches and several streams at once; the report does not depend on it. No read model has a part in it, nor has a clock.
    ///
    /// Memory: 8 bytes an event, a name for each stream, the findings, and the stretches and streams that are at hand at the moment.
    public static func run(
        _ logs: LogSources, scope: AuditScope, progress: (@Sendable (AuditProgress) -> Void)? = nil
    ) async throws -> Audit {
        try await run(logs, scope: scope, AuditPartition(), progress: progress)
    }

    static func run(
        _ logs: LogSources, scope: AuditScope, _ partition: AuditPartition, progress: (@Sendable (AuditProgress) -> Void)? = nil
    ) async throws -> Audit {
        let total = scope.bounds.record + scope.bounds.access
        // One reader is enough for what is one stretch.
        let count = min(Int64(partition.readers), max(1, total / Int64(max(1, partition.stretch))))
        return try await logs.withReaders(Int(count)) { readers in
            func index(_ source: any LogSource, _ readers: [any LogSource], upTo last: Int64, before: Int64) async throws -> AuditIndex {
                let sealed = try await source.checkpoint(upTo: last).map { SealedState($0) }
                return try await AuditIndex(
                    readers, of: source.log, upTo: last, scope, sealed: sealed, stretch: partition.stretch
                ) { progress?(AuditProgress(phase: .verifying, done: Int(before + $0), total: Int(total))) }
            }
            let record = try await index(logs.record, readers.map(\.record), upTo: scope.bounds.record, before: 0)
            let access = try await index(logs.access, readers.map(\.access), upTo: scope.bounds.access, before: scope.bounds.record)
            let histories = AuditHistories(record: record, access: access)
            return try await AuditWork(scope, histories, from: logs).judged(by: readers, pageEvents: partition.page) { done, total in
                progress?(AuditProgress(phase: .judging, done: done, total: total))
            }
        }
    }
}

/// What all parts of an audit rest on.
struct AuditWork: Sendable {
    let scope: AuditScope
    let histories: AuditHistories
    /// The clinic's own stream, which every dossier shares.
    let clinicStream: AuditStream?
    let clinic: AuditReading
    let clinicHistory: History
    let reference: ClinicReference
    /// The time at which all of this is known.
    let asOf: Timestamp?
    /// The shortest time, in microseconds, that any policy has left for entering a fact.
    let shortestEntry: Int64

    init(_ scope: AuditScope, _ histories: AuditHistories, from logs: LogSources) async throws {
        self.scope = scope
        self.histories = histories
        clinicStream = histories.stream(.clinic)
        clinic = try await histories.read([clinicStream].compactMap(\.self), from: logs)
        clinicHistory = clinicStream.flatMap { [clinic] in clinic.histories[$0] } ?? History()
        reference = ClinicReference(clinicHistory)
        asOf = [histories.record, histories.access].compactMap(\.replay.lastRecordedAt).max()
        shortestEntry = reference.policyVersions.map(\.policy.entryLimit).reduce(Policy().entryLimit, min)
    }

    func judged(
        by readers: [LogSources], pageEvents: Int, progress: @escaping @Sendable (_ streams: Int, _ of: Int) -> Void
    ) async throws -> Audit {
        let pages = AuditPages(histories, events: pageEvents)
        let parts = try await withThrowingTaskGroup(of: [AuditPart].self) { group in
            for reader in readers.prefix(max(1, pages.pages.count)) {
                group.addTask {
                    var parts: [AuditPart] = []
                    while let number = pages.take() {
                        try Task.checkCancellation()
                        var part = AuditPart(self, number: number)
                        try await part.judge(pages.pages[number], from: reader)
                        parts.append(part)
                        pages.finish(number, progress)
                    }
                    return parts
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return finished(parts.sorted { $0.number < $1.number })
    }
}

extension Policy {
    /// Within what time a fact is to be entered, in microseconds.
    var entryLimit: Int64 { Int64(lateEntryH) * 3_600_000_000 }
}
