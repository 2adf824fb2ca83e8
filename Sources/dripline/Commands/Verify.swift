import ArgumentParser
import Canonical
import Foundation
import Ledger
import Projections
import Service
import Tlog

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute a clinic's two logs from their stored bytes, or an export with no database.",
        discussion: """
            Positions, versions, times, entries, payload digests, leaf hashes, event ids, commands, tiles, checkpoints and their signatures; the record \
            first, then the access log. Then every row of the read models is compared with a fresh fold of the log, as of the position at which each \
            stands; --log-only leaves that out. --against holds the log to a checkpoint that was kept elsewhere: it must extend it. Without --key an export is \
            checked with the keys that lie in it, which shows that it is whole, not whose it is. Exit code 1 when anything is wrong.
            """)

    @Option(help: ArgumentHelp("The clinic.", valueName: "name")) var clinic: String?
    @Option(help: ArgumentHelp("A folder that `dripline export` wrote.", valueName: "dir")) var export: String?
    @Option(help: ArgumentHelp("A file with an older checkpoint of one of the logs.", valueName: "file")) var against: String?
    @Option(name: .customLong("key"), help: ArgumentHelp("A verifier key to check signatures with; may be repeated.", valueName: "vkey"))
    var keys: [String] = []
    @Option(help: ArgumentHelp("A witness's verifier key; may be repeated.", valueName: "vkey")) var witnessKey: [String] = []
    @Flag(help: "Leave the read models out.") var logOnly = false
    @Flag(help: "Report as JSON, a line for each log and one for the read models.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (clinic == nil) != (export == nil) else { throw ValidationError("Give --clinic, or --export.") }
        guard !logOnly || export == nil else { throw ValidationError("An export has no read models: leave --log-only out.") }
    }

    func run() async throws {
        do {
            let results = try await results()
            for result in results.logs { Terminal.print(json ? result.json.canonical : result.text) }
            if let models = results.readModels { Terminal.print(json ? models.json.canonical : models.text) }
            if !results.areIntact { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Failure(error)
        }
    }

    private struct Results: Sendable {
        var logs: [Verification] = []
        /// Nil where they were not looked at.
        var readModels: ReadModelVerification?

        var areIntact: Bool { logs.allSatisfy(\.isIntact) && readModels?.isIntact != false }
    }

    private func results() async throws -> Results {
        let older = try olderCheckpoint()
        let results = export == nil ? try await stored(older) : Results(logs: try await exported(older))
        if let older, !results.logs.contains(where: { "\(older.origin)".hasSuffix("/" + $0.log.description) }) {
            throw Failure.no("The checkpoint in \(against ?? "") is of \(older.origin), not of one of these logs.")
        }
        return results
    }

    private func stored(_ older: (note: Note, origin: String)?) async throws -> Results {
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
            if !logOnly { await results.add(try await Self.verifyReadModels(of: log.clinic, in: database)) }
        }
        return await results.all
    }

    private actor Collected {
        private(set) var all = Results()
        func add(_ result: Verification) { all.logs.append(result) }
        func add(_ result: ReadModelVerification) { all.readModels = result }
    }

    private static func verifyReadModels(of clinic: String, in database: Database) async throws -> ReadModelVerification {
        let result = try await database.ledger.verifyReadModels(of: clinic) { name, streams in
            Terminal.progress("comparing \(name) of \(clinic) with the log: \(Terminal.grouped(streams)) streams")
        }
        Terminal.endProgress()
        return result
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
