import ArgumentParser
import Canonical
import Ledger
import Service
import Tlog

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute a clinic's two logs from their stored bytes.",
        discussion:
            """
            Positions, versions, times, entries, payload digests, leaf hashes, event ids, commands; the record first, then the access log. \
            Exit code 1 when anything is wrong in either.
            """)

    @OptionGroup var clinic: ClinicOption
    @Flag(help: "Report as JSON, a line for each log.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            var isIntact = true
            for kind in LogName.Kind.allCases {
                let result = try await Self.verify(log.with(kind), in: database)
                Terminal.print(json ? result.json.canonical : result.text)
                isIntact = isIntact && result.isIntact
            }
            if !isIntact { throw ExitCode(1) }
        }
    }

    static func verify(_ log: LogName, in database: Database) async throws -> Verification {
        // Before its first event a log is not there at all.
        guard try await database.ledger.number(of: log) != nil else { return Verification(log: log) }
        let started = ContinuousClock.now
        let result = try await database.ledger.verify(log) { done, all in
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            Terminal.progress(
                "verifying \(log) \(Terminal.bar(all > 0 ? Double(done) / Double(all) : 1)) \(Terminal.grouped(done)) events, "
                    + "\(Terminal.grouped(Int(Double(done) / max(seconds, 0.001))))/s")
        }
        Terminal.endProgress()
        return result
    }
}

extension Verification {
    var text: String {
        let size = Terminal.grouped(events)
        guard isIntact else {
            let rest = findingCount - findings.count
            return
                (["\(log): NOT intact, \(findingCount) findings in \(size) events."] + findings.map { "  " + $0.description }
                + (rest > 0 ? ["  … and \(rest) more."] : [])).joined(separator: "\n")
        }
        let erased = erased == 0 ? "" : ", \(Terminal.grouped(self.erased)) payloads erased"
        return "\(log): intact, \(size) events\(erased), root \(Hex.encode(root.bytes))."
    }

    var json: JSON {
        [
            "log": .string(log.description), "intact": .bool(isIntact), "events": .number(JSONNumber(events)),
            "erased": .number(JSONNumber(erased)), "root": .string(Hex.encode(root.bytes)),
            "finding_count": .number(JSONNumber(findingCount)),
            "findings": .array(
                findings.map { ["position": .number(JSONNumber($0.position)), "what": .string($0.what)] }),
        ]
    }
}
