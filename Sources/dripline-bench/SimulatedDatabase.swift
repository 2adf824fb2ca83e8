import ArgumentParser
import Canonical
import Foundation
import Logging
import Postgres
import Service
import Simulation

/// An embedded database with durable settings that holds simulated care, about so many events. The same number gives the same events.
///
/// It is filled by a process of its own, so that what the import took of memory is not counted against what is measured.
struct SimulatedDatabase {
    let directory: String
    private let isKept: Bool

    /// - Parameter keep: where the database stays for the next run; nil for a temporary one.
    static func with<T>(events: Int, keep: String?, _ body: (Database) async throws -> T) async throws -> T {
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8))").path
        let place = SimulatedDatabase(directory: keep ?? temporary, isKept: keep != nil)
        do {
            try await place.fill(events)
            let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            let database = try await Database.open(.embedded(directory: place.directory), logger: logger)
            do {
                let value = try await body(database)
                await database.close()
                place.remove()
                return value
            } catch {
                await database.close()
                throw error
            }
        } catch {
            place.remove()
            throw error
        }
    }

    private func remove() {
        if !isKept { try? FileManager.default.removeItem(atPath: directory) }
    }

    private var marker: String { directory + "/bench-events" }

    private func fill(_ events: Int) async throws {
        if let filled = try? String(contentsOfFile: marker, encoding: .utf8) {
            guard filled == "\(events)" else { throw ValidationError("\(directory) holds a log of about \(filled) events; give another.") }
            return
        }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await Tool.run(CommandLine.arguments[0], ["fill", "--events", "\(events)", directory])
        try "\(events)".write(toFile: marker, atomically: true, encoding: .utf8)
    }
}

/// Makes and imports the events.
struct FillBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Fill a database with simulated events.", shouldDisplay: false)

    @Option(help: "About how many events.") var events: Int
    @Argument(help: "The database's directory.") var directory: String

    /// A year of a patient's care.
    private static let eventsOfPatient = 212
    private static let patientsOfClinic = 970

    func run() async throws {
        let patients = max(1, events / FillBench.eventsOfPatient)
        let clinics = min(max(1, patients / FillBench.patientsOfClinic), Simulation.largestClinicCount)
        let opening = CalendarDate(year: 2025, month: 1, day: 6) ?? CalendarDate(dayNumber: 20_094)
        let simulation = Simulation(clinics: clinics, patients: patients / clinics, months: 12, seed: 7, start: opening)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let database = try await Database.open(.embedded(directory: directory), logger: logger)
        do {
            for index in 0..<clinics {
                let file = directory + "/\(Simulation.handle(of: index)).jsonl"
                try write(simulation, index, file)
                let report = try await Importer(database.recorder).run([file])
                try FileManager.default.removeItem(atPath: file)
                if let refused = report.refused.first { throw ValidationError("A simulated line was refused: \(refused.message)") }
            }
            try await analyse(database)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    private func write(_ simulation: Simulation, _ index: Int, _ file: String) throws {
        var text = Data()
        _ = simulation.run(index) { line in
            text.append(contentsOf: line.utf8)
            text.append(UInt8(ascii: "\n"))
        }
        try text.write(to: URL(filePath: file))
    }

    /// What autovacuum does to a log that has grown: the measured runs should not meet it half way.
    private func analyse(_ database: Database) async throws {
        guard let server = database.server else { return }
        let connection = try await Connection.connect(server.settings(), logger: Logger(label: "bench"))
        try await connection.script("VACUUM (ANALYZE) dripline.events")
        try await connection.script("CHECKPOINT")
        await connection.close()
    }
}
