import Canonical
import Clinic
import Foundation
import Ledger
import Service
import Simulation

/// Fills a clinic's logs with simulated care, through the one door and without deciding: the load of a benchmark, not what it measures.
struct SimulatedLog {
    private let ledger: Ledger
    private let name: LogName
    private var waiting: [LogName.Kind: [AppendCommand]] = [:]
    private(set) var events = 0
    private let wanted: Int
    /// The types of events that amendments may name, by id.
    private var types: [UUID: EventType] = [:]

    private static let batch = 2000
    /// Of two and a half simulated years, in which some come for two dozen sessions: about 100,000 events; a further part has another seed.
    private static let patients = 180

    private init(_ ledger: Ledger, _ name: LogName, events wanted: Int) {
        self.ledger = ledger
        self.name = name
        self.wanted = wanted
    }

    /// The record of the clinic of this number.
    static func name(_ number: Int = 0) -> LogName {
        guard let name = LogName(clinic: number == 0 ? "bench" : "bench-\(number)") else { preconditionFailure("a clinic's name") }
        return name
    }

    /// Appends to a clinic's logs until the record holds so many events; what is there already counts.
    /// - Returns: whether it has grown.
    static func fill(_ database: Database, clinic number: Int, events: Int) async throws -> Bool {
        let (ledger, name) = (database.ledger, name(number))
        let present = try await ledger.number(of: name) == nil ? 0 : ledger.head(of: name).size
        var log = SimulatedLog(ledger, name, events: events - Int(present))
        guard let start = CalendarDate(year: 2024, month: 1, day: 8) else { preconditionFailure("a date") }
        guard log.wanted > 0 else { return false }
        // Other years and other clinics have other seeds.
        var seed = UInt64(number) << 32 + UInt64(1 + present)
        while log.events < log.wanted {
            var lines: [String] = []
            _ = Simulation(clinics: 1, patients: patients, months: 30, seed: seed, start: start).run(0) { lines.append($0) }
            for line in lines where log.events < log.wanted { try await log.take(line) }
            seed += 1
        }
        for kind in LogName.Kind.allCases { try await log.flush(kind) }
        return true
    }

    /// One more patient, with this many sessions as others had them: simulated care in which all patients are taken for the first.
    static func addPatient(sessions count: Int, to database: Database) async throws {
        guard let start = CalendarDate(year: 2024, month: 1, day: 8) else { preconditionFailure("a date") }
        var lines: [String] = []
        _ = Simulation(clinics: 1, patients: 60, months: 30, seed: 1 << 31, start: start).run(0) { lines.append($0) }
        var (patient, sessions): (UUID?, Set<StreamID>) = (nil, [])
        var log = SimulatedLog(database.ledger, name(), events: .max)
        for line in lines {
            let stream = try AppendRequest(try JSON.parse(line), form: .importLine).stream
            switch stream.kind {
            case .patient:
                patient = patient ?? stream.id
                guard stream.id == patient else { continue }
            case .session:
                guard sessions.contains(stream) || sessions.count < count else { continue }
                sessions.insert(stream)
            case .clinic, .vial, .access: continue
            }
            guard let patient else { continue }
            // A session names its patient in its data.
            let own = line.replacing(/"patient":"[0-9a-f-]{36}"/, with: "\"patient\":\"\(patient.lowercase)\"")
            try await log.take(own)
        }
        for kind in LogName.Kind.allCases { try await log.flush(kind) }
        precondition(sessions.count == count, "too few sessions were simulated")
    }

    private mutating func take(_ line: String) async throws {
        let request = try AppendRequest(try JSON.parse(line), form: .importLine)
        var events: [NewEvent] = []
        for (index, event) in request.events.enumerated() {
            types[UUID.v5(namespace: request.command, name: String(index))] = event.body.type
            events.append(
                NewEvent(
                    stream: request.stream.description, type: event.type, v: Int16(event.body.type.currentVersion),
                    occurredAt: event.occurredAt, subject: subject(of: event.body)?.description,
                    override: request.override.map { .init(gate: $0.gate, reason: $0.reason) }, payload: event.payload))
        }
        let kind: LogName.Kind = request.stream.isInAccessLog ? .access : .record
        waiting[kind, default: []].append(
            AppendCommand(id: request.command, actor: request.actor ?? "bench", chartedAt: request.chartedAt, events: events))
        if kind == .record { self.events += events.count }
        if waiting[kind]?.count == Self.batch { try await flush(kind) }
    }

    private func subject(of body: EventBody) -> StreamID? {
        guard case .eventAmended(let amendment) = body else { return body.subject }
        return types[amendment.target].flatMap { try? amendment.body(replacing: $0).subject }
    }

    private mutating func flush(_ kind: LogName.Kind) async throws {
        guard let commands = waiting.removeValue(forKey: kind), !commands.isEmpty else { return }
        _ = try await ledger.append(commands, to: name.with(kind))
    }
}
