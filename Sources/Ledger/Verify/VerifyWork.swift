import Canonical
import Foundation
import Postgres
import Tlog

/// One pass over a stored log: its ranges are checked by several connections at once and gathered in their order.
struct VerifyWork: Sendable {
    let log: LogName
    let number: Int32
    let options: VerifyOptions
    /// What all of it is read in.
    let snapshot: SharedSnapshot

    /// Connections at most: beyond that the server has no processors left to send what they check.
    private static let maximumConnections = 4

    /// - Parameter isRegistered: whether each event is read together with its command's registration, which takes longer; else the register is compared as a
    ///   whole.
    /// - Returns: what was found, and whether the register as a whole is what the events make.
    func run(
        isRegistered: Bool, on connection: Connection, _ progress: (@Sendable (Int64, Int64) -> Void)?
    ) async throws -> (verification: Verification, isRegister: Bool) {
        let head = try await head(on: connection)
        let key = isRegistered ? nil : RegisterSum.Key()
        let gathering = VerifyGathering(
            try Verifier(
                log: log, size: head.size, recordedAt: head.recordedAt, checkpoints: try await checkpoints(on: connection),
                options: options,
                key: key)
        ) { progress?($0, head.size) }
        let plan = VerifyPlan(size: head.size)
        let register = try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1..<max(2, min(plan.count, ProcessInfo.processInfo.activeProcessorCount, Self.maximumConnections)) where plan.count > 1
            {
                group.addTask { try await sharing { try await check(plan, gathering, isRegistered, on: $0) } }
            }
            // The others go ahead meanwhile.
            var register: RegisterSum?
            if let key { register = try await connection.register(number, key) }
            try await check(plan, gathering, isRegistered, on: connection)
            try await group.waitForAll()
            return register
        }
        try await checkBeyond(head.size, gathering, isRegistered, on: connection)
        let commands = await gathering.endOfEvents()
        for (position, erasure) in try await erasures(on: connection) { await gathering.take(erasure: erasure, at: position) }
        await gathering.finish(unkept: isRegistered ? try await unkept(on: connection) : [])
        let verification = try await connection.tiles(number, await gathering.verifier)
        progress?(verification.events, head.size)
        return (verification, register.map { $0 == commands } ?? true)
    }

    /// Runs `body` on another connection in the same snapshot.
    private func sharing(_ body: (Connection) async throws -> Void) async throws {
        let connection = try await snapshot.connect()
        do {
            try await body(connection)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    // MARK: Events

    private func check(
        _ plan: VerifyPlan, _ gathering: VerifyGathering, _ isRegistered: Bool, on connection: Connection
    ) async throws {
        while let range = plan.take() {
            while await gathering.isFar(range.number) { try await Task.sleep(for: .milliseconds(1)) }
            let start = range.after.map { "e.position > \($0) AND " } ?? ""
            let checked = try await connection.checked(
                "\(start)e.position <= \(range.last) ORDER BY e.position", log, number, isRegistered: isRegistered)
            await gathering.add(checked, at: range.number)
        }
    }

    /// What stands behind the head, which should be nothing.
    private func checkBeyond(
        _ size: Int64, _ gathering: VerifyGathering, _ isRegistered: Bool, on connection: Connection
    ) async throws {
        var last = size
        while true {
            let range = try await connection.checked(
                "e.position > \(last) ORDER BY e.position LIMIT \(VerifyPlan.rangeLength)", log, number, isRegistered: isRegistered)
            guard let end = range.events.last else { return }
            await gathering.add(range)
            last = end.position
        }
    }

    // MARK: What stands beside the events

    private func head(on connection: Connection) async throws -> (size: Int64, recordedAt: Int64) {
        let row = try await connection.query("SELECT size, recorded_at FROM dripline.logs WHERE log_id = $1", [number]).first
        guard let row else { throw LedgerError.unknownLog(log) }
        let (size, recordedAt) = try row.decode(Int64.self, SQLTimestamp.self)
        return (size, recordedAt.microseconds)
    }

    /// Every event that tells of an erasure; they have an index of their own.
    private func erasures(on connection: Connection) async throws -> [(position: Int64, payload: String?)] {
        let sql = "SELECT e.position, e.payload FROM dripline.events e WHERE e.log_id = $1 AND e.type = 'PayloadErased' ORDER BY e.position"
        return try await connection.query(sql, [number]).map { row in
            let (position, payload) = try row.decode(Int64.self, JSONText?.self)
            return (position, payload?.text)
        }
    }

    /// Every stored checkpoint with its cosignatures, by size.
    private func checkpoints(on connection: Connection) async throws -> [CheckpointAudit.Stored] {
        let sql = """
            SELECT c.size, c.root, c.note, coalesce((SELECT array_agg(w.line ORDER BY w.witness) FROM dripline.cosignatures w \
            WHERE w.log_id = c.log_id AND w.size = c.size), '{}') FROM dripline.checkpoints c WHERE c.log_id = $1 ORDER BY c.size
            """
        return try await connection.query(sql, [number]).map { row in
            let (size, root, note, lines) = try row.decode(Int64.self, [UInt8].self, String.self, [String].self)
            return CheckpointAudit.Stored(size: UInt64(size), root: root, note: note, cosignatures: lines)
        }
    }

    private func unkept(on connection: Connection) async throws -> [Int64] {
        let sql = """
            SELECT k.first_position FROM dripline.commands k WHERE k.log_id = $1 AND NOT EXISTS (
                SELECT FROM dripline.events e WHERE e.log_id = k.log_id AND e.position = k.first_position AND e.command = k.command)
            ORDER BY 1
            """
        return try await connection.query(sql, [number]).map { try $0.decode(Int64.self) }
    }
}

extension Connection {
    /// Reads and checks the events of a log that a condition names. COPY takes no parameters; what is put into it are integers.
    fileprivate func checked(_ condition: String, _ log: LogName, _ number: Int32, isRegistered: Bool) throws -> CheckedRange {
        let register = "LEFT JOIN dripline.commands k ON k.log_id = e.log_id AND k.command = e.command"
        let sql = """
            COPY (SELECT \(StoredEventRow.columns)\(isRegistered ? ", " + StoredEventRow.registration : "") FROM dripline.events e \
            \(isRegistered ? register : "") WHERE e.log_id = \(number) AND \(condition)) TO STDOUT (FORMAT binary)
            """
        let count = StoredEventRow.fieldCount(isRegistered: isRegistered)
        var range = CheckedRange()
        _ = try copyOut(sql) { row in
            try row.withFields(count) { bytes, fields in
                range.append(try StoredEventRow(bytes, fields).checked(log, &range.streams, isRegistered: isRegistered))
            }
        }
        return range
    }

    /// The sum over the commands that a log's register holds.
    fileprivate func register(_ number: Int32, _ key: RegisterSum.Key) throws -> RegisterSum {
        var sum = RegisterSum(key)
        // All of it is read, so in the order in which it lies on the disk, not by an index.
        try script("SET LOCAL enable_seqscan = on")
        let sql =
            "COPY (SELECT k.command, k.first_position, k.events FROM dripline.commands k WHERE k.log_id = \(number)) TO STDOUT (FORMAT binary)"
        _ = try copyOut(sql) { row in
            let (command, first, events) = try row.decode(UUID.self, Int64.self, Int32.self)
            sum.add(command, first: first, events: Int64(events))
        }
        try script("SET LOCAL enable_seqscan = off")
        return sum
    }

    /// Holds the stored tiles against those that the events make.
    fileprivate func tiles(_ number: Int32, _ verifier: Verifier) throws -> Verification {
        var verifier = verifier
        let sql = "COPY (SELECT t.level, t.number, t.hashes FROM dripline.tiles t WHERE t.log_id = \(number)) TO STDOUT (FORMAT binary)"
        _ = try copyOut(sql) { row in
            let (level, tile, hashes) = try row.decode(Int16.self, Int64.self, [UInt8].self)
            verifier.take(tile: Int(level), UInt64(bitPattern: tile), hashes)
        }
        verifier.finishTiles()
        return verifier.result
    }
}
