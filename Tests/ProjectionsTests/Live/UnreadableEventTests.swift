import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Projections

/// An event that this program cannot read stops its clinic, loudly, and no other.
@Suite(.projections, .timeLimit(.minutes(10))) struct UnreadableEventTests {
    static let harms: [(harm: String, says: String)] = [
        ("type = 'DreamRecorded'", "cannot be read: type is not a known event type"),
        (#"payload = '{"phase":"infusion","heart_rate":"fast","source":"manual"}'"#, "heart_rate"),
        // PostgreSQL takes a key twice, we don't.
        (#"payload = '{"phase":"infusion","phase":"infusion"}'"#, "JSON"),
        ("override_gate = 'luck', override_digest = payload_digest", "gate"),
    ]

    @Test(arguments: harms.indices) func stopsItsClinicAndNoOther(index: Int) async throws {
        let harm = UnreadableEventTests.harms[index]
        try await Workbench.open { bench in
            // The broken clinic is first in every order: it has the lowest number.
            var (broken, sound) = (RandomClinic(seed: 31), RandomClinic(seed: 32))
            try await bench.append(broken.work(events: 120), to: Workbench.alder)
            try await bench.append(sound.work(events: 120), to: Workbench.hickory)
            let position = try await damage(bench, harm.harm)
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.catchUp() }
            #expect("\(try #require(error))".contains("position \(position) of clinic alder"))
            #expect("\(try #require(error))".contains(harm.says))
            #expect(!"\(try #require(error))".contains("fast"), "values are not quoted")
            let positions = try await positions(bench)
            #expect(positions["hickory"] == sound.position)
            #expect((positions["alder"] ?? 0) == 0)
        }
    }

    @Test func theRunningProjectorReportsItAndGoesOn() async throws {
        let log = CollectedLog()
        try await Workbench.open(logger: log.logger) { bench in
            var (broken, sound) = (RandomClinic(seed: 33), RandomClinic(seed: 34))
            try await bench.append(broken.work(events: 60), to: Workbench.alder)
            try await bench.append(sound.work(events: 60), to: Workbench.hickory)
            let position = try await damage(bench, "type = 'DreamRecorded'")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.projector.run() }
                for _ in 0..<5 {
                    try await bench.append(sound.work(events: 20), to: Workbench.hickory)
                    for projection in allProjections {
                        try await bench.ledger.waitForProjection(
                            projection, of: Workbench.hickory, position: sound.position, limit: .seconds(60))
                    }
                }
                try await bench.until { log.lines.contains { $0.contains("position \(position) of clinic alder") } }
                // Mended by hand, it catches up by itself.
                try await damage(bench, "type = 'VitalsRecorded'", at: position)
                for projection in allProjections {
                    try await bench.ledger.waitForProjection(
                        projection, of: Workbench.alder, position: broken.position, limit: .seconds(60))
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live)
        }
    }

    /// A rebuild says it too, and leaves the tables that serve as they are.
    @Test func aRebuildFailsAndTheOldTablesServe() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 35)
            try await bench.append(clinic.work(events: 100), to: Workbench.alder)
            try await bench.projector.catchUp()
            let before = try await bench.tables()
            let position = try await damage(bench, "type = 'DreamRecorded'")
            let error = await #expect(throws: ProjectionError.self) { try await bench.projector.rebuild() }
            #expect("\(try #require(error))".contains("position \(position) of clinic alder"))
            try await bench.tables().expectEqual(before)
            try await damage(bench, "type = 'VitalsRecorded'", at: position)
            try await bench.projector.rebuild()
            try await bench.tables().expectEqual(before)
        }
    }

    /// As somebody who got past all privileges.
    /// - Returns: the position of the event that was altered: vitals of alder, unless it is given.
    @discardableResult
    private func damage(_ bench: Workbench, _ change: String, at position: Int64? = nil) async throws -> Int64 {
        try await bench.superuser.script("ALTER TABLE dripline.events DISABLE TRIGGER no_update, DISABLE TRIGGER only_erasure")
        let row = try await bench.superuser.query(
            """
            UPDATE dripline.events SET \(change) WHERE log_id = (SELECT log_id FROM dripline.logs WHERE clinic = 'alder') \
            AND position = coalesce($1, (SELECT min(position) FROM dripline.events e JOIN dripline.logs l USING (log_id) \
            WHERE l.clinic = 'alder' AND type = 'VitalsRecorded')) RETURNING position
            """, [position]
        ).first
        try await bench.superuser.script("ALTER TABLE dripline.events ENABLE ALWAYS TRIGGER no_update, ENABLE ALWAYS TRIGGER only_erasure")
        return try row?.value(0, as: Int64.self) ?? 0
    }

    private func positions(_ bench: Workbench) async throws -> [String: Int64] {
        try await bench.ledger.projectionStatus().reduce(into: [:]) { $0[$1.clinic] = max($0[$1.clinic] ?? 0, $1.position) }
    }
}

/// Keeps what is logged.
private final class CollectedLog: Sendable {
    private let stored = Mutex<[String]>([])

    var lines: [String] { stored.withLock(\.self) }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: CollectedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.stored.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}
