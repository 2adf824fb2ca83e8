import ArgumentParser
import Canonical
import Ledger
import Projections
import Service

struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "List the read models: version, position and lag in each log that they follow.")

    @Flag(help: "JSON lines.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in
            let all = try await database.ledger.projectionStatus()
            if json {
                for status in all { Terminal.print(status.json.canonical) }
                return
            }
            guard !all.isEmpty else {
                return Terminal.print("No projector has run yet; `dripline serve` runs one, `dripline rebuild` builds the tables.")
            }
            let rows = all.map { status in
                [
                    status.name, status.isOutdated ? "\(status.version) (needs \(status.known))" : "\(status.version)", status.clinic,
                    status.log.rawValue, Terminal.grouped(status.position), Terminal.grouped(status.lag),
                ]
            }
            for line in Columns.aligned([["projection", "version", "clinic", "log", "position", "lag"]] + rows, right: [4, 5]) {
                Terminal.print(line)
            }
        }
    }
}

extension ProjectionStatus {
    var json: JSON {
        [
            "projection": .string(name), "version": .number(JSONNumber(version)), "known_version": .number(JSONNumber(known)),
            "clinic": .string(clinic), "log": .string(log.rawValue), "position": .number(JSONNumber(position)),
            "lag": .number(JSONNumber(lag)),
        ]
    }
}

/// Plain columns of ASCII text.
enum Columns {
    /// - Parameter right: the columns that are aligned to the right.
    static func aligned(_ rows: [[String]], right: Set<Int> = []) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return right.contains(column) ? padding + text : text + padding
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }
}
