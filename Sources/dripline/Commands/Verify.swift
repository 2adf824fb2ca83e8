import ArgumentParser
import Canonical
import Foundation
import Ledger
import Service
import Tlog

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute a clinic's two logs from their stored bytes, or an export with no database.",
        discussion: """
            Positions, versions, times, entries, payload digests, leaf hashes, event ids, commands, tiles, checkpoints and their signatures; the record \
            first, then the access log. --against holds the log to a checkpoint that was kept elsewhere: it must extend it. Without --key an export is \
            checked with the keys that lie in it, which shows that it is whole, not whose it is. Exit code 1 when anything is wrong.
            """)

    @Option(help: ArgumentHelp("The clinic.", valueName: "name")) var clinic: String?
    @Option(help: ArgumentHelp("A folder that `dripline export` wrote.", valueName: "dir")) var export: String?
    @Option(help: ArgumentHelp("A file with an older checkpoint of one of the logs.", valueName: "file")) var against: String?
    @Option(name: .customLong("key"), help: ArgumentHelp("A verifier key to check signatures with; may be repeated.", valueName: "vkey"))
    var keys: [String] = []
    @Option(help: ArgumentHelp("A witness's verifier key; may be repeated.", valueName: "vkey")) var witnessKey: [String] = []
    @Flag(help: "Report as JSON, a line for each log.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (clinic == nil) != (export == nil) else { throw ValidationError("Give --clinic, or --export.") }
    }

    func run() async throws {
        do {
            let results = try await results()
            for result in results { Terminal.print(json ? result.json.canonical : result.text) }
            if results.contains(where: { !$0.isIntact }) { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Failure(error)
        }
    }

    private func results() async throws -> [Verification] {
        let older = try olderCheckpoint()
        let results = export == nil ? try await stored(older) : try await exported(older)
        if let older, !results.contains(where: { "\(older.origin)".hasSuffix("/" + $0.log.description) }) {
            throw Failure.no("The checkpoint in \(against ?? "") is of \(older.origin), not of one of these logs.")
        }
        return results
    }

    private func stored(_ older: (note: Note, origin: String)?) async throws -> [Verification] {
        let results = Collected()
        try await options.run { database in
            let log = try await ClinicOption.known(clinic ?? "", in: database)
            for kind in LogName.Kind.allCases {
                let log = log.with(kind)
                var options = try database.verifyOptions(for: log, witnesses: try verifiers(witnessKey))
                if !keys.isEmpty { options.keys = try verifiers(keys).map { $0.named(options.origin ?? $0.name) } }
                if let older, older.origin.hasSuffix("/" + log.description) { options.against = older.note }
                await results.add(try await Self.verify(log, options, in: database))
            }
        }
        return await results.all
    }

    private actor Collected {
        private(set) var all: [Verification] = []
        func add(_ result: Verification) { all.append(result) }
    }

    private func exported(_ older: (note: Note, origin: String)?) async throws -> [Verification] {
        let folder = export ?? ""
        var results: [Verification] = []
        for (kind, path) in [(LogName.Kind.record, folder), (.access, folder + "/access")] {
            var options = VerifyOptions()
            options.witnesses = try verifiers(witnessKey)
            options.keys = try verifiers(keys)
            if let older, older.origin.hasSuffix("/" + kind.rawValue) { options.against = older.note }
            let meter = Meter(path)
            if let result = try await ExportVerification.verify(path, kind: kind, options, progress: { meter.show($0, $1) }) {
                results.append(result)
            }
            Terminal.endProgress()
        }
        guard !results.isEmpty else { throw Failure.input("\(folder) is an export without an event.") }
        return results
    }

    private func verifiers(_ texts: [String]) throws -> [VerifierKey] {
        do { return try texts.map { try VerifierKey($0) } } catch { throw Failure.input("\(error)") }
    }

    private func olderCheckpoint() throws -> (note: Note, origin: String)? {
        guard let against else { return nil }
        guard let data = FileManager.default.contents(atPath: against) else { throw Failure.input("\(against) cannot be read.") }
        do {
            let note = try Note(String(decoding: data, as: UTF8.self))
            return (note, try Checkpoint(text: note.text).origin)
        } catch {
            throw Failure.input("\(against) holds no checkpoint: \(error).")
        }
    }

    private struct Meter: Sendable {
        let name: String
        let started = ContinuousClock.now

        init(_ name: String) { self.name = name }

        func show(_ done: Int64, _ all: Int64) {
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            Terminal.progress(
                "verifying \(name) \(Terminal.bar(all > 0 ? Double(done) / Double(all) : 1)) \(Terminal.grouped(done)) events, "
                    + "\(Terminal.grouped(Int(Double(done) / max(seconds, 0.001))))/s")
        }
    }

    /// - Parameter options: nil for all that is at hand here.
    static func verify(_ log: LogName, _ options: VerifyOptions? = nil, in database: Database) async throws -> Verification {
        // Before its first event a log is not there at all.
        guard try await database.ledger.number(of: log) != nil else { return Verification(log: log) }
        let meter = Meter(log.description)
        let result = try await database.ledger.verify(log, try options ?? database.verifyOptions(for: log)) { meter.show($0, $1) }
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
        return "\(log): intact, \(size) events\(erased), root \(rootHex); \(seal)."
    }

    private var seal: String {
        guard let last = lastCheckpoint else { return "nothing is signed yet" }
        let by = signers.isEmpty ? "" : " by \(signers.joined(separator: ", "))"
        return "signed up to \(Terminal.grouped(Int64(last.size)))\(by)"
    }

    var json: JSON {
        var members: [String: JSON] = [
            "log": .string(log.description), "intact": .bool(isIntact), "events": .number(JSONNumber(events)),
            "erased": .number(JSONNumber(erased)), "root": .string(rootHex), "checkpoints": .number(JSONNumber(checkpoints)),
            "signers": .array(signers.map { .string($0) }), "finding_count": .number(JSONNumber(findingCount)),
            "findings": .array(
                findings.map { ["position": .number(JSONNumber($0.position)), "what": .string($0.what)] }),
        ]
        members["signed"] = lastCheckpoint.map { .number(JSONNumber(Int64($0.size))) }
        return .object(members)
    }
}
