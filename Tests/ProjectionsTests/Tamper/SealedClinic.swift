import Canonical
import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Projections
import Schema
import Synchronization
import TestSupport
import Testing
import Tlog

/// A clinic that was charted, sealed three times, witnessed and projected, once a run: each test gets a copy of its database. Outside of the database
/// stand, as they should, the signing key, the memory of what was signed, the witness's key, and a checkpoint that somebody kept.
struct SealedClinic: Sendable {
    /// The directory of the key and the memory: `--state`.
    let state: String
    let keys: SigningKeys
    let witness: SignerKey
    /// The first checkpoint of the record, and the last.
    let kept: Note
    let last: Note

    static let log = Workbench.hickory
    static let access = Workbench.hickory.with(.access)
    /// Events of the record at each sealing: more than one tile, and not the end of one.
    private static let lengths = [120, 100, 90]

    private static let made = Mutex<SealedClinic?>(nil)

    static var shared: SealedClinic {
        guard let clinic = made.withLock(\.self) else {
            preconditionFailure("the test has no sealed clinic: give it the trait .sealedClinic")
        }
        return clinic
    }

    /// Fills the template. As the superuser.
    static func prepare(_ connection: Connection) async throws {
        try await Schema.migrate(connection)
        try await connection.script(DatabaseTrait.withoutGuard)
        let server = try await TestCluster.shared.server()
        let name = try await connection.query("SELECT current_database()::text").only().decode(String.self)
        let settings = server.settings(database: name)
        let state = server.dataDirectory + "/sealed-clinic"
        let keys = try SigningKeys.create(directory: state)
        let ledger = Ledger(settings, logger: .silent)
        do {
            let clinic = try await fill(ledger, settings, state: state, keys: keys)
            made.withLock { $0 = clinic }
        } catch {
            await ledger.close()
            throw error
        }
        await ledger.close()
    }

    private static func fill(
        _ ledger: Ledger, _ settings: ConnectionSettings, state: String, keys: SigningKeys
    ) async throws -> SealedClinic {
        let sealing = SealingService(
            settings, ledger: ledger, sealer: Sealer(keys: keys, memory: SealMemory(directory: state + "/sealed")), logger: .silent)
        var random = RandomClinic(seed: 7)
        var notes: [Note] = []
        for length in lengths {
            for command in random.work(events: length) { _ = try await ledger.append([command], to: log) }
            for patient in random.patients.prefix(2) { _ = try await ledger.append([.read(of: patient, by: "nia")], to: access) }
            try await sealing.catchUp()
            if let signed = try await ledger.checkpoint(of: log) { notes.append(signed.note) }
        }
        let witness = SignerKey(generating: "witness.example")
        guard let kept = notes.first, let last = notes.last else { throw Failed() }
        try await ledger.keep(
            cosignature: try witness.cosign(last.text, time: 1_795_361_400), of: try Checkpoint(text: last.text), in: log)
        try await Projector(settings, ledger: ledger, logger: .silent).catchUp()
        return SealedClinic(state: state, keys: keys, witness: witness, kept: kept, last: last)
    }

    struct Failed: Error {}

    /// A checkpoint of a tree that is not the record's, signed with its key.
    func another(size: UInt64) throws -> Note {
        let text = Checkpoint(origin: keys.origin(of: Self.log), size: size, root: .leaf(Array("another history".utf8))).text
        return Note(text: text, signatures: [try keys.active.named(keys.origin(of: Self.log)).sign(text)])
    }

    /// All that a log can be held against.
    func options(_ log: LogName, memory: SealMemory? = nil, against: Note? = nil) throws -> VerifyOptions {
        var options = VerifyOptions()
        options.keys = keys.verifiers(for: log)
        options.origin = keys.origin(of: log)
        options.memory = try (memory ?? SealMemory(directory: state + "/sealed")).state(of: log)
        options.witnesses = [witness.verifier(.cosignature)]
        if log.kind == .record { options.against = against }
        return options
    }
}

extension Trait where Self == DatabaseTrait {
    /// A copy of the database of `SealedClinic`.
    static var sealedClinic: Self { DatabaseTrait(key: "sealed-clinic") { try await SealedClinic.prepare($0) } }
}

extension AppendCommand {
    /// Somebody read a patient's chart.
    static func read(of patient: UUID, by actor: String) -> AppendCommand {
        let stream = StreamID.access(patient).description
        let data: JSON = ["patient": .string(patient.lowercase), "resource": "chart", "purpose": "treatment"]
        return AppendCommand(
            id: UUID(), actor: actor,
            events: [
                NewEvent(
                    stream: stream, type: "ChartRead", occurredAt: Timestamp(microseconds: 1_780_322_400_000_000).adding(minutes: 600),
                    subject: StreamID.patient(patient).description, payload: data.canonical)
            ])
    }
}
