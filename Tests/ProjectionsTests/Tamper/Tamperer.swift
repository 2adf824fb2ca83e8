import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Projections
import TestSupport
import Tlog

/// A superuser on a copy of the sealed clinic, with every trigger off.
struct Tamperer: Sendable {
    let clinic: SealedClinic
    let connection: Connection
    let ledger: Ledger
    /// Where a forger keeps a memory of what was signed.
    let forgery: String

    var forgedMemory: SealMemory { SealMemory(directory: forgery + "/sealed") }

    static let tables = ["logs", "events", "commands", "tiles", "checkpoints", "cosignatures"]

    func begin() async throws {
        let all = Self.tables.map { "ALTER TABLE dripline.\($0) DISABLE TRIGGER ALL" }.joined(separator: ";")
        try await connection.script(all)
        // So that they can be written through: the number of a log is no join.
        for log in try await connection.query("SELECT log, log_id FROM dripline.logs") {
            let (name, number) = try log.decode(String.self, Int32.self)
            try await connection.script("CREATE VIEW public.\(name) AS SELECT * FROM dripline.events WHERE log_id = \(number)")
        }
    }

    func sql(_ sql: String) async throws { try await connection.script(sql) }

    /// Writes the entries anew as `dripline.append` would from their columns, and their leaves, so that nothing contradicts itself.
    func rebuildEntries() async throws {
        try await sql(
            """
            SET timezone = 'UTC';
            UPDATE dripline.events e SET entry = concat(
                '{"actor":"', e.actor, '","charted_at":"' || to_char(e.charted_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","clinic":"', l.clinic,
                '","command":"', e.command, '","event":"', e.event, '","log":"', l.log,
                '","occurred_at":"', to_char(e.occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"',
                ',"override":{"gate":"' || e.override_gate || '","reason_digest":"' || encode(e.override_digest, 'hex') || '"}',
                ',"payload_digest":"', encode(e.payload_digest, 'hex'), '","position":', e.position,
                ',"recorded_at":"', to_char(e.recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","stream":"', e.stream,
                '","subject":"' || e.subject, '","type":"', e.type, '","v":', e.v, ',"version":', e.version, '}')
            FROM dripline.logs l WHERE l.log_id = e.log_id AND l.log = 'record';
            UPDATE dripline.events SET leaf = sha256('\\x00' || convert_to(entry, 'UTF8'))
            """)
    }

    /// Gives an event another payload, with the digest that belongs to it.
    func rewrite(_ position: Int64, _ change: (String) -> String) async throws {
        let row = try await connection.query("SELECT payload, salt FROM public.record WHERE position = $1", [position]).only()
        let (payload, salt) = try row.decode(JSONText.self, [UInt8].self)
        let other = change(payload.text)
        precondition(other != payload.text, "nothing was changed")
        try await connection.execute(
            "UPDATE public.record SET payload = $2, payload_digest = $3 WHERE position = $1",
            [position, JSONText(other), Digest.keyed(other, salt: salt)])
        try await rebuildEntries()
    }

    /// Signs what is there now with the real key, as if nothing had ever been signed.
    func sealAgain() async throws {
        try await sql("DELETE FROM dripline.cosignatures; DELETE FROM dripline.checkpoints; DELETE FROM dripline.tiles")
        let sealer = Sealer(keys: clinic.keys, memory: forgedMemory)
        try await SealingService(TestDatabase.current.settings, ledger: ledger, sealer: sealer, logger: .silent).catchUp()
    }

    /// Puts another note in the place of the last checkpoint's, of which no witness knows.
    func putNote(_ change: (Checkpoint) throws -> Note) async throws {
        try await sql("DELETE FROM dripline.cosignatures")
        let signed = try await ledger.checkpoint(of: SealedClinic.log)
        guard let signed else { throw SealedClinic.Failed() }
        try await connection.execute(
            "UPDATE dripline.checkpoints c SET note = $1 FROM dripline.logs l WHERE l.log_id = c.log_id AND l.log = 'record' AND c.size = $2",
            [try change(signed.checkpoint).description, Int64(signed.checkpoint.size)])
    }

    /// Puts another line in the place of the witness's.
    func putCosignature(_ line: (Checkpoint) throws -> Note.Signature) async throws {
        let signed = try await ledger.checkpoint(of: SealedClinic.log)
        guard let signed else { throw SealedClinic.Failed() }
        try await connection.execute(
            "UPDATE dripline.cosignatures SET line = $1", [String(try line(signed.checkpoint).line.dropLast())])
    }

    /// Brings the database to what it was at the first checkpoint, read models and all.
    func restoreOlder() async throws {
        try await sql(
            """
            DELETE FROM record WHERE position > 120;
            DELETE FROM dripline.commands c USING dripline.logs l WHERE l.log_id = c.log_id AND l.log = 'record' AND first_position > 120;
            UPDATE dripline.logs SET size = 120, recorded_at = (SELECT recorded_at FROM record WHERE position = 120) WHERE log = 'record';
            SET client_min_messages = error; DROP SCHEMA projections, \(allProjections.map { $0.name }.joined(separator: ", ")) CASCADE
            """)
        try await sealAgain()
        // The grant that a migration makes on its database is not copied with a template.
        try await sql("GRANT CREATE ON DATABASE \(TestDatabase.current.name) TO dripline_projector")
        try await Projector(TestDatabase.current.settings, ledger: ledger, logger: .silent).catchUp()
    }

    /// A position as the table of tamperings has it: -1 stands for the first event with an override.
    func position(_ position: Int64) async throws -> Int64 {
        guard position == -1 else { return position }
        return try await connection.query("SELECT min(position) FROM record WHERE override_gate IS NOT NULL").only().decode(Int64.self)
    }
}
