import Foundation
import Ledger
import Logging
import Postgres
import Projections
import TestSupport
import Testing
import Tlog

/// What a superuser does with all triggers off, and who finds it: `verify`, `verify --export`, and a verifier that is not ours.
@Suite(.sealedClinic, .timeLimit(.minutes(20))) struct TamperMatrixTests {
    private struct Findings {
        var record: [Verification.Finding] = []
        var access: [Verification.Finding] = []
        var readModels: [ReadModelVerification.Finding] = []

        init(_ logs: [Verification], readModels: [ReadModelVerification.Finding] = []) {
            for log in logs { if log.log.kind == .record { record = log.findings } else { access = log.findings } }
            self.readModels = readModels
        }
    }

    @Test func theUntouchedClinicIsClean() async throws {
        try await staged { tamperer, directory in
            let found = try await Self.findings(tamperer, tamperer.clinic.kept, memory: nil)
            #expect(found.record.isEmpty && found.access.isEmpty && found.readModels.isEmpty, "\(found)")
            try await Self.checkExport(
                Tampering("none", verify: .hidden(""), export: .hidden(""), independent: .hidden(""), against: .kept) { _ in },
                tamperer,
                directory)
        }
    }

    @Test(arguments: Tampering.all) func isFound(_ tampering: Tampering) async throws {
        try await staged { tamperer, directory in
            try await tamperer.begin()
            try await tampering.act(tamperer)
            let against = try tampering.note(of: tamperer.clinic)
            let found = try await Self.findings(tamperer, against, memory: tampering.memoryToo ? tamperer.forgedMemory : nil)
            try await Self.expect(found, tampering.verify, "\(tampering.name): verify", tamperer)
            try await Self.checkExport(tampering, tamperer, directory)
            if tampering.isSample { try await Self.checkCommand(tampering, tamperer, directory) }
        }
    }

    private func staged(_ body: (Tamperer, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with("dripline-tamper") { directory in
            let connection = try await TestDatabase.current.connect()
            let ledger = Ledger(TestDatabase.current.settings, logger: .silent)
            let tamperer = Tamperer(clinic: .shared, connection: connection, ledger: ledger, forgery: directory + "/forgery")
            do {
                try await body(tamperer, directory)
            } catch {
                await ledger.close()
                await connection.close()
                throw error
            }
            await ledger.close()
            await connection.close()
        }
    }

    private static func findings(_ tamperer: Tamperer, _ against: Note?, memory: SealMemory?) async throws -> Findings {
        var logs: [Verification] = []
        for log in [SealedClinic.log, SealedClinic.access] {
            let options = try tamperer.clinic.options(log, memory: memory, against: against)
            logs.append(try await tamperer.ledger.verify(log, options))
        }
        return Findings(logs, readModels: try await tamperer.ledger.verifyReadModels(of: SealedClinic.log.clinic).findings)
    }

    /// The first position that is named, and what is said of it.
    private static func expect(_ found: Findings, _ verdict: Tampering.Verdict, _ who: String, _ tamperer: Tamperer) async throws {
        switch verdict {
        case .record(let position, let what): expect(found.record, try await tamperer.position(position), what, who)
        case .access(let position, let what):
            expect(found.access, position, what, who)
            #expect(found.record.isEmpty, "\(who): \(found.record)")
        case .readModels(let what):
            #expect(found.record.isEmpty && found.access.isEmpty, "\(who): \(found)")
            #expect(found.readModels.contains { "\($0)".contains(what) }, "\(who): \(found.readModels)")
        case .hidden: #expect(found.record.isEmpty && found.access.isEmpty && found.readModels.isEmpty, "\(who): \(found)")
        case .refused: Issue.record("\(who): it was not refused")
        }
    }

    private static func expect(_ findings: [Verification.Finding], _ position: Int64, _ what: String, _ who: String) {
        // A tile names where its span of the log begins: what is said of an event comes before that.
        let ofTiles = findings.filter { $0.what.contains("tile") }
        let others = findings.filter { !$0.what.contains("tile") }
        let first = (others.isEmpty ? ofTiles : others).map(\.position).filter { $0 > 0 }.min() ?? 0
        #expect(first == position, "\(who): \(findings)")
        #expect(findings.contains { $0.position == position && $0.what.contains(what) }, "\(who): \(findings)")
    }

    private static func checkExport(_ tampering: Tampering, _ tamperer: Tamperer, _ directory: String) async throws {
        let against = try tampering.note(of: tamperer.clinic)
        let export: ClinicExport
        do {
            export = try await ClinicExport(
                tamperer.ledger, clinic: SealedClinic.log.clinic, keys: tamperer.clinic.keys, to: directory + "/export")
        } catch let error where error is ExportError || error is TileError {
            guard case .refused(let reason) = tampering.export else { throw error }
            #expect("\(error)".contains(reason), "\(tampering.name): \(error)")
            return
        }
        let logs = try await export.verify {
            try tamperer.clinic.options(SealedClinic.log.with($0), against: against)
        }
        try await expect(Findings(logs), tampering.export, "\(tampering.name): verify --export", tamperer)

        var arguments = ["-witness", "\(tamperer.clinic.witness.verifier(.cosignature))"]
        for log in [SealedClinic.log, SealedClinic.access] {
            arguments += tamperer.clinic.keys.verifiers(for: log).flatMap { ["-vkey", "\($0)"] }
        }
        if let against {
            try Data(against.description.utf8).write(to: URL(filePath: directory + "/kept"))
            arguments += ["-against", directory + "/kept"]
        }
        let says = try await Independent.verify(export.folder, arguments)
        switch tampering.independent {
        case .hidden: #expect(says == nil, "\(tampering.name): \(says ?? "")")
        case .record(_, let what), .access(_, let what):
            #expect(says?.contains(what) == true, "\(tampering.name): \(says ?? "verified")")
        case .readModels, .refused: Issue.record("\(tampering.name): an export was written")
        }
    }

    /// The command as a whole process.
    private static func checkCommand(_ tampering: Tampering, _ tamperer: Tamperer, _ directory: String) async throws {
        var state = tamperer.clinic.state
        if tampering.memoryToo {
            state = tamperer.forgery
            try FileManager.default.copyItem(atPath: tamperer.clinic.state + "/signing.key", toPath: state + "/signing.key")
        }
        let database = TestDatabase.current
        let socket = database.server.socketDirectory.replacing("/", with: "%2F")
        var arguments = [
            "verify", "--clinic", SealedClinic.log.clinic, "--state", state, "--witness-key",
            "\(tamperer.clinic.witness.verifier(.cosignature))", "--database",
            "postgres://\(PostgresServer.adminRole)@\(socket):5432/\(database.name)",
        ]
        if let against = try tampering.note(of: tamperer.clinic) {
            try Data(against.description.utf8).write(to: URL(filePath: directory + "/kept"))
            arguments += ["--against", directory + "/kept"]
        }
        let result = try await DriplineCommand().run(arguments)
        #expect(result.exitCode == 1 && result.errors == "", "\(tampering.name): \(result.output) \(result.errors)")
        switch tampering.verify {
        case .record(let position, let what), .access(let position, let what):
            let place = try await tamperer.position(position)
            let line = result.lines.first { $0.hasPrefix(place == 0 ? "  " : "  position \(place): ") && $0.contains(what) }
            #expect(line != nil, "\(tampering.name): \(result.output)")
        case .readModels(let what): #expect(result.output.contains(what), "\(tampering.name): \(result.output)")
        case .hidden, .refused: Issue.record("\(tampering.name): what is a sample of that?")
        }
    }
}
