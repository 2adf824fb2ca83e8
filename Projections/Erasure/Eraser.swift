public import Canonical
public import Clinic
import Foundation
public import Ledger
public import Logging
public import Postgres

/// Erases a patient's data: payloads, salts and reasons leave the log, their rows every read model, and an event in each log says so, all in one
/// transaction. Entries, leaves and proofs stay.
public struct Eraser: Sendable {
    private let settings: ConnectionSettings
    private let ledger: Ledger
    private let projector: Projector
    private let logger: Logger

    /// How often it plans anew because somebody charted meanwhile.
    static let maximumAttempts = 8

    /// - Parameter settings: a login that is a member of `dripline_eraser`; the service's own is not.
    public init(_ settings: ConnectionSettings, ledger: Ledger, projector: Projector, logger: Logger) {
        self.settings = settings.setting(role: "dripline_eraser").setting(option: "plan_cache_mode", to: "force_custom_plan")
        self.ledger = ledger
        self.projector = projector
        self.logger = logger
    }

    /// What was erased.
    public struct Erasure: Sendable, Hashable {
        /// By log: the position of the event that says so, and how many events lost their data.
        public let events: [LogName.Kind: Receipt]
        public let retention: RetentionPeriod

        public struct Receipt: Sendable, Hashable {
            public let position: Int64
            public let erased: Int64
        }
    }

    /// - Parameter now: the server's clock.
    /// - Throws: `Refusal`; `ErasureError`; `PostgresError`; `ProjectionError`
    public func erase(_ request: ErasureRequest, clinic: String, now: Timestamp) async throws -> Erasure {
        guard let record = LogName(clinic: clinic) else { throw LedgerError.malformed("the clinic's name is none") }
        // What the read models are behind is folded in before, so that the transaction is short.
        try await projector.catchUp()
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            for _ in 1...Eraser.maximumAttempts {
                do {
                    let erasure = try await connection.transaction { connection in
                        try Eraser.attempt(request, record, now: now, on: connection)
                    }
                    await connection.close()
                    for kind in erasure.events.keys { ledger.announce(record.with(kind)) }
                    return erasure
                } catch ErasureError.changed {
                    continue
                }
            }
            throw ErasureError.changed
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func attempt(
        _ request: ErasureRequest, _ record: LogName, now: Timestamp, on connection: isolated Connection
    ) throws -> Erasure {
        try refuseRebuilds(on: connection)
        let plan = try ErasurePlan(request.patient, clinic: record.clinic, on: connection)
        let retention = try decideErasure(request, patient: plan.own, sessions: plan.sessions, clinic: plan.clinic, now: now)
        var events: [LogName.Kind: Erasure.Receipt] = [:]
        for kind in LogName.Kind.allCases {
            guard let positions = plan.positions[kind], !positions.isEmpty else { continue }
            let stretches = PayloadErased.Stretch.covering(positions)
            guard stretches.count <= PayloadErased.maximumStretches else { throw ErasureError.tooMany(stretches.count) }
            let body = PayloadErased(request, until: retention, positions: stretches)
            let stream: StreamID = kind == .record ? .patient(request.patient) : .access(request.patient)
            let command = AppendCommand(
                id: UUID(), actor: request.approvers[0], conditions: plan.conditions(in: kind),
                events: [
                    NewEvent(
                        stream: stream.description, type: EventType.payloadErased.rawValue,
                        v: Int16(EventType.payloadErased.currentVersion), occurredAt: now, subject: body.subject?.description,
                        payload: EventBody.payloadErased(body).data.canonical)
                ])
            guard case .appended(let receipts) = try Ledger.append(command, to: record.with(kind), on: connection) else {
                throw ErasureError.changed
            }
            events[kind] = Erasure.Receipt(position: receipts[0].position, erased: 0)
        }
        // The heads are locked now. Had a session been booked in between, it would be found here.
        let locked = try ErasurePlan(request.patient, clinic: record.clinic, on: connection)
        guard locked.positions == plan.positions else { throw ErasureError.changed }
        for (kind, receipt) in events {
            let erased = try Ledger.erase(namedAt: receipt.position, in: record.with(kind), on: connection)
            events[kind] = Erasure.Receipt(position: receipt.position, erased: erased)
        }
        for projection in allProjections {
            let work = Projecting(projection: projection, generation: .serving)
            for logs in try ClinicLogs.all(projection, on: connection) where logs.clinic == record.clinic {
                while try work.step(logs, on: connection) > 0 {}
            }
        }
        return Erasure(events: events, retention: retention)
    }

    /// Tables that a rebuild fills would keep what was read before. While this transaction lasts, none can begin.
    private static func refuseRebuilds(on connection: isolated Connection) throws {
        for projection in allProjections {
            let lock = AdvisoryLock.rebuilding(projection.name)
            guard try connection.query("SELECT pg_try_advisory_xact_lock($1)", [lock]).first?.value(0, as: Bool.self) == true else {
                throw ProjectionError.rebuildRunning(projection.name)
            }
            for schema in [Generation.next.schema(of: projection.name), projection.name + "_old"] {
                guard try connection.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]).isEmpty else {
                    throw ErasureError.unfinishedRebuild(projection.name)
                }
            }
        }
    }
}

/// Why an erasure did not happen. Nothing was changed.
public enum ErasureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Somebody charted meanwhile.
    case changed
    case unfinishedRebuild(String)
    case tooMany(Int)

    public var description: String {
        switch self {
        case .changed: "Somebody kept charting on this patient's streams, so nothing was erased; try again in a quiet moment."
        case .unfinishedRebuild(let name):
            "A rebuild of \(name) was not finished, and its tables may hold this patient's data; run `dripline rebuild \(name)`, then erase. "
                + "Nothing was erased."
        case .tooMany(let count):
            "The patient's events lie in \(count) stretches of the log, more than one event can name; nothing was erased."
        }
    }
}
