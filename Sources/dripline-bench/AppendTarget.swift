import Canonical
import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Service
import Synchronization

/// Clinics with patients who have arrived, and the service that takes their vitals.
struct AppendTarget: Sendable {
    let clinic: BenchClinic
    let logs: [LogName]
    /// By clinic: sessions for each connection that may append there, one after the other.
    let sessions: [[UUID]]
    private let sent = RequestCount()
    /// By clinic: the bearer token that its connections send.
    private let tokens: [String]

    /// The data of every event that is appended.
    static let vitals = """
        {"diastolic_mmhg":81,"heart_rate":72,"pain_nrs":3,"phase":"infusion","respiratory_rate":14,"source":"manual","spo2_percent":97,\
        "systolic_mmhg":128}
        """

    /// Sessions that a connection goes through before it comes back to its first.
    private static let sessionsEach = 16

    /// - Parameters:
    ///   - count: how many clinics.
    ///   - connections: how many connections append at once.
    static func with(clinics count: Int, connections: Int, _ body: (AppendTarget) async throws -> Void) async throws {
        let sessions = connections * sessionsEach
        try await BenchClinic.with(sessions: sessions) { clinic in
            var (logs, all) = ([clinic.log], [clinic.sessions])
            for number in 1..<max(count, 2) where number < count {
                guard let log = LogName(clinic: "bench-\(number)") else { preconditionFailure("a clinic's name") }
                logs.append(log)
                all.append(try await BenchClinic.arrivals(sessions / count + 1, in: log, clinic.database))
            }
            var tokens: [String] = []
            for log in logs {
                tokens.append(
                    try await clinic.database.accounts.newToken(
                        clinic: log.clinic, staff: "adm", roles: [.nurse], name: "bench", lifetime: .seconds(86_400)
                    ).text)
            }
            try await body(AppendTarget(clinic: clinic, logs: logs, sessions: all, tokens: tokens))
        }
    }

    /// Runs the service on a free port of loopback while `body` runs.
    func serve(_ body: (_ port: Int) async throws -> Void) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        var options = HTTPOptions()
        // All requests come from one address and account, which a service would slow down.
        options.limits.addressRate = Rate(perSecond: 0, burst: 0)
        options.limits.accountRate = Rate(perSecond: 0, burst: 0)
        let service = HTTPService(clinic.database, address: try ListenAddress("127.0.0.1:0"), options: options, logger: logger) {
            found.yield($0.port)
        }
        let running = Task {
            defer { found.finish() }
            try await service.run()
        }
        defer { running.cancel() }
        for await port in ports { return try await body(port) }
        try await running.value
    }

    /// The next request of a connection, which keeps to one clinic, and to a session for as long as one is.
    func request(_ connection: Int, of connections: Int, clinics: Int) -> [UInt8] {
        let (log, own) = (logs[connection % clinics], sessions[connection % clinics])
        let turn = sent.next() / (BenchClinic.sessionLength * connections)
        let session = own[(connection / clinics + turn * (connections / clinics + 1)) % own.count]
        let body = """
            {"command":"\(Self.command().lowercase)","stream":"session/\(session.lowercase)","type":"VitalsRecorded",\
            "occurred_at":"\(Timestamp.now().description)","data":\(AppendTarget.vitals)}
            """
        return Array(
            """
            POST /v1/clinics/\(log.clinic)/events HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Authorization: Bearer \(tokens[connection % clinics])\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8)
    }

    /// Foundation's own way to a random UUID opens a file for each, which the client's share of the processors is not to be spent on.
    private static func command() -> UUID {
        withUnsafeBytes(of: (UInt64.random(in: 0...(.max)), UInt64.random(in: 0...(.max)))) { UUID(uuid: $0.load(as: uuid_t.self)) }
    }

    /// Lets the first clinic's log hold this many events, in streams of a hundred; written past `append`, which would take its time.
    func fill(to size: Int) async throws {
        guard let server = clinic.database.server else { return }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        let head = "FROM dripline.logs WHERE clinic = '\(logs[0].clinic)' AND log = 'record'"
        let chunk = 100_000
        var now = Int(try await connection.query("SELECT size \(head)").first?.decode(Int64.self) ?? 0)
        while now < size {
            let more = min(chunk, size - now)
            try await connection.script(
                """
                INSERT INTO dripline.events (log_id, position, version, occurred_at, recorded_at, event, command, stream, type, actor, salt,
                    payload_digest, leaf, payload, entry)
                SELECT l.log_id, l.size + n, 1 + (n - 1) % 100, l.recorded_at, l.recorded_at, gen_random_uuid(), c.id, s.name, 'VitalsRecorded', 'adm',
                    sha256('salt'), sha256('payload'), sha256(convert_to(c.id::text, 'UTF8')), '\(AppendTarget.vitals)',
                    dripline.entry('adm', NULL, l.clinic, c.id, c.id, l.log, l.recorded_at, NULL, NULL, sha256('payload'), l.size + n,
                        l.recorded_at, s.name, NULL, 'VitalsRecorded', 1::smallint, 1 + (n - 1) % 100)
                FROM (SELECT * \(head)) l CROSS JOIN generate_series(1, \(more)) AS g (n)
                CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE n > 0) c
                CROSS JOIN LATERAL (
                    SELECT 'session/' || md5((l.size + n - (n - 1) % 100)::text)::uuid AS name
                ) s;
                INSERT INTO dripline.commands SELECT e.log_id, e.command, e.position, 1
                FROM dripline.events e JOIN (SELECT * \(head)) l ON l.log_id = e.log_id AND e.position > l.size;
                UPDATE dripline.logs SET size = size + \(more) WHERE clinic = '\(logs[0].clinic)' AND log = 'record';
                """)
            now += more
        }
        try await connection.script("VACUUM ANALYZE dripline.events")
        try await connection.script("CHECKPOINT")
        await connection.close()
    }

    /// An entry as the log writes it.
    func entry() async throws -> String {
        guard let server = clinic.database.server else { return "" }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        let row = try await connection.query("SELECT entry FROM dripline.events ORDER BY log_id, position DESC LIMIT 1").first
        await connection.close()
        return try row?.decode(String.self) ?? ""
    }
}

/// Requests that were made, over all connections.
private final class RequestCount: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
