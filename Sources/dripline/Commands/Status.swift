import ArgumentParser
import Canonical
import Ledger
import Postgres
import Projections
import Schema
import Service

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say where the database is, what it holds, how far the read models are, and which privilege is looser than it should be.")

    @Flag(help: "As one JSON object.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in
            let heads = try await database.ledger.heads()
            let projections = try await database.ledger.projectionStatus()
            let loose = try await database.ledger.read { try await PrivilegeAudit.findings(on: $0) }
            let place = database.server.map { "embedded PostgreSQL in \($0.dataDirectory)" } ?? "\(database.settings)"
            if json {
                return Terminal.print(
                    JSON.object([
                        "database": .string(place), "schema_version": .number(JSONNumber(Schema.version)),
                        "logs": .array(heads.map { ["log": .string($0.log.description), "size": .number(JSONNumber($0.size))] }),
                        "projections": .array(projections.map(\.json)),
                        "privileges": .array(loose.map { ["object": .string($0.object), "what": .string($0.what)] }),
                    ]).canonical)
            }
            Terminal.print("Database: \(place), schema version \(Schema.version).")
            if heads.isEmpty { Terminal.print("Nothing is recorded yet.") }
            for head in heads { Terminal.print("Log \(head.log): \(Terminal.grouped(head.size)) events.") }
            let behind = projections.filter { $0.lag > 0 || $0.isOutdated }
            if !projections.isEmpty, behind.isEmpty { Terminal.print("Read models: all up to date.") }
            for status in behind {
                Terminal.print(
                    "Read model \(status.name), log \(status.clinic)/\(status.log.rawValue): "
                        + (status.isOutdated
                            ? "made by another version; run `dripline rebuild \(status.name)`."
                            : "\(Terminal.grouped(status.lag)) events behind."))
            }
            for finding in loose { Terminal.print("LOOSE \(finding)") }
            if loose.isEmpty { Terminal.print("Privileges: none is looser than it should be.") }
        }
    }
}
