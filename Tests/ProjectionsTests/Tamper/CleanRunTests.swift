import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Testing
import Tlog

@testable import Projections

/// No false alarm: random histories, sealed at random moments, projected and exported, hold up before every verifier.
@Suite(.projections, .timeLimit(.minutes(20))) struct CleanRunTests {
    private static let clinics = 25

    /// Eight databases of 25 clinics: 200 runs.
    @Test(arguments: UInt64(1)...8) func nobodyRaisesAnAlarm(seed: UInt64) async throws {
        try await TemporaryDirectory.with("dripline-clean") { directory in
            try await Workbench.open { bench in
                let keys = try SigningKeys.create(directory: directory)
                let memory = SealMemory(directory: directory + "/sealed")
                let sealing = SealingService(
                    TestDatabase.current.settings, ledger: bench.ledger, sealer: Sealer(keys: keys, memory: memory), logger: .silent)
                let kept = try await fill(bench, sealing, seed)
                for number in 0..<Self.clinics {
                    let log = try Self.log(number)
                    let (record, access) = (log.with(.record), log.with(.access))
                    func options(_ log: LogName) throws -> VerifyOptions {
                        var options = VerifyOptions()
                        options.keys = keys.verifiers(for: log)
                        options.origin = keys.origin(of: log)
                        options.memory = try memory.state(of: log)
                        options.against = log.kind == .record ? kept[number] : nil
                        return options
                    }
                    for log in [record, access] where try await bench.ledger.number(of: log) != nil {
                        let verification = try await bench.ledger.verify(log, try options(log))
                        #expect(verification.isIntact && verification.checkpoints > 0, "\(seed), \(log): \(verification.findings)")
                    }
                    let models = try await bench.ledger.verifyReadModels(of: log.clinic)
                    #expect(models.isIntact && models.rows > 0, "\(seed), \(log): \(models.findings)")

                    let export = try await ClinicExport(bench.ledger, clinic: log.clinic, keys: keys, to: directory + "/\(log.clinic)")
                    for verification in try await export.verify({ try options(log.with($0)) }) {
                        #expect(verification.isIntact, "\(seed), \(log), exported: \(verification.findings)")
                    }
                    var arguments = [record, access].flatMap { keys.verifiers(for: $0) }.flatMap { ["-vkey", "\($0)"] }
                    if let note = kept[number] {
                        try Data(note.description.utf8).write(to: URL(filePath: directory + "/kept"))
                        arguments += ["-against", directory + "/kept"]
                    }
                    #expect(try await Independent.verify(export.folder, arguments) == nil, "\(seed), \(log)")
                }
            }
        }
    }

    private static func log(_ number: Int) throws -> LogName { try #require(LogName(clinic: "clinic-\(number)")) }

    /// Charts all clinics in turns, with a sealing and a projection after each.
    /// - Returns: of each clinic, a checkpoint that was the last one after some turn.
    private func fill(_ bench: Workbench, _ sealing: SealingService, _ seed: UInt64) async throws -> [Note?] {
        var clinics = (0..<Self.clinics).map { RandomClinic(seed: seed &* 1000 &+ UInt64($0)) }
        var kept: [Note?] = Array(repeating: nil, count: clinics.count)
        for turn in 0..<3 {
            for number in clinics.indices {
                let log = try Self.log(number)
                let events = Int.random(in: 1...30, using: &clinics[number].random)
                try await bench.append(clinics[number].work(events: events), to: log)
                if clinics[number].random.once(in: 2), let patient = clinics[number].patients.first {
                    try await bench.append([.read(of: patient, by: "nia")], to: log.with(.access))
                }
            }
            try await sealing.catchUp()
            try await bench.projector.catchUp()
            for number in clinics.indices where turn < 2 && clinics[number].random.once(in: 2) {
                kept[number] = try await bench.ledger.checkpoint(of: try Self.log(number))?.note
            }
        }
        return kept
    }
}
