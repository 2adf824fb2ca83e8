import Canonical
import Foundation
import Ledger
import Postgres
import Tlog

/// Alterations of what is kept beside the events: commands, heads, tiles, checkpoints, cosignatures, read models.
extension Tampering {
    private static let notExported = Verdict.hidden("it is not in an export")

    static let ofRegisters: [Tampering] = [
        Tampering(
            "command unregistered", "DELETE FROM dripline.commands WHERE command = (SELECT command FROM record WHERE position = 57)",
            verify: .record(57, "its command is not registered"), export: notExported, independent: notExported),
        Tampering(
            "command registered elsewhere",
            "UPDATE dripline.commands SET first_position = 9 WHERE command = (SELECT command FROM record WHERE position = 57)",
            verify: .record(9, "a command is registered here, and its event is not in the log"), export: notExported,
            independent: notExported),
        Tampering(
            "head too short", "UPDATE dripline.logs SET size = 309 WHERE log = 'record'",
            verify: .record(310, "the event lies beyond the log's head"),
            export: .hidden("it ends at the log's head, at an older checkpoint"),
            independent: .hidden("it ends at the log's head, at an older checkpoint")),
        Tampering(
            "head too long", "UPDATE dripline.logs SET size = 311 WHERE log = 'record'",
            verify: .record(311, "the events from here on are missing"), export: .refused("at position 311 the event is missing"),
            independent: .refused("no export"), isSample: true),
        Tampering(
            "full tile", tile(0, 0), verify: .record(1, "the stored tile of level 0, number 0, is not the one that the entries make"),
            export: .record(1, "tile/0/000 does not hold what the entries make"),
            independent: .record(0, "tile/0/000 does not hold the hashes"),
            isSample: true),
        Tampering(
            "partial tile", tile(0, 1), verify: .record(257, "the stored tile of level 0, number 1, is not the one that the entries make"),
            export: .record(257, "tile/0/001.p/54 does not hold what the entries make"),
            independent: .record(0, "tile/0/001.p/54 does not hold the hashes")),
        Tampering(
            "upper tile", tile(1, 0), verify: .record(1, "the stored tile of level 1, number 0, is not the one that the entries make"),
            export: .record(1, "tile/1/000.p/1 does not hold what the entries make"),
            independent: .record(0, "tile/1/000.p/1 does not hold the hashes")),
        Tampering(
            "tile removed",
            "DELETE FROM dripline.tiles t USING dripline.logs l WHERE l.log_id = t.log_id AND l.log = 'record' AND level = 0 AND number = 0",
            verify: .record(0, "a tile is missing: level 0, number 0"), export: .refused("tile/0/000 is missing"),
            independent: .refused("no export")),
        Tampering(
            "wrong origin", verify: .record(310, "the checkpoint is of another log"),
            export: .record(310, "the checkpoint is of another log"),
            independent: .record(0, "is not signed by the key of"), isSample: true
        ) { tamperer in
            try await tamperer.putNote { checkpoint in
                let other = Checkpoint(origin: "dripline.local/alder/record", size: checkpoint.size, root: checkpoint.root)
                let key = tamperer.clinic.keys.active
                return Note(
                    text: other.text,
                    signatures: [try key.named(other.origin).sign(other.text), try key.named(checkpoint.origin).sign(other.text)])
            }
        },
        Tampering(
            "checkpoint signed with another key of the same name", verify: .record(310, "no known key signed it"),
            export: .record(310, "no known key signed it"), independent: .record(0, "no verifiable signatures")
        ) {
            try await $0.putNote { Note(text: $0.text, signatures: [try SignerKey(generating: $0.origin).sign($0.text)]) }
        },
        Tampering(
            "signature bit", verify: .record(310, "the signature by dripline.local/hickory/record is wrong"),
            export: .record(310, "the signature by dripline.local/hickory/record is wrong"), independent: .record(0, "invalid signature"),
            isSample: true
        ) { tamperer in
            try await tamperer.putNote { checkpoint in
                let line = try tamperer.clinic.keys.active.named(checkpoint.origin).sign(checkpoint.text)
                return Note(
                    text: checkpoint.text,
                    signatures: [Note.Signature(name: line.name, keyID: line.keyID, bytes: [line.bytes[0] ^ 1] + line.bytes.dropFirst())])
            }
        },
        Tampering(
            "root of a checkpoint's row",
            """
            UPDATE dripline.checkpoints c SET root = set_byte(root, 0, get_byte(root, 0) # 1) FROM dripline.logs l
            WHERE l.log_id = c.log_id AND l.log = 'record' AND c.size = 220
            """, verify: .record(220, "the signed text of the checkpoint does not say what its columns say"), export: notExported,
            independent: notExported),
        Tampering(
            "last checkpoint removed",
            """
            DELETE FROM dripline.cosignatures;
            DELETE FROM dripline.checkpoints c USING dripline.logs l WHERE l.log_id = c.log_id AND l.log = 'record' AND c.size = 310
            """, verify: .record(1, "the stored tile of level 0, number 0"), export: .hidden("it holds the checkpoint before it"),
            independent: .hidden("it holds the checkpoint before it")),
        Tampering(
            "checkpoint of events that are not there", verify: .record(311, "a checkpoint signs 400 events; there are 310"),
            export: .hidden("it holds the last checkpoint within it"), independent: .hidden("it holds the last checkpoint within it")
        ) { tamperer in
            let note = try tamperer.clinic.another(size: 400)
            try await tamperer.connection.execute(
                "INSERT INTO dripline.checkpoints (log_id, size, root, note) SELECT log_id, 400, sha256(''), $1 FROM dripline.logs WHERE log = 'record'",
                [note.description])
        },
        Tampering(
            "forged cosignature", verify: .record(310, "the signature by witness.example is wrong"),
            export: .record(310, "the signature by witness.example is wrong"), independent: .record(0, "invalid signature"), isSample: true
        ) { tamperer in
            try await tamperer.putCosignature { checkpoint in
                let line = try SignerKey(generating: "witness.example").cosign(checkpoint.text, time: 1_795_361_400)
                return Note.Signature(name: line.name, keyID: tamperer.clinic.witness.verifier(.cosignature).keyID, bytes: line.bytes)
            }
        },
        Tampering(
            "cosignature of time zero", verify: .record(310, "the signature by witness.example is wrong"),
            export: .record(310, "the signature by witness.example is wrong"), independent: .record(0, "invalid signature"), isSample: true
        ) { tamperer in
            try await tamperer.putCosignature { try tamperer.clinic.witness.cosign($0.text, time: 0) }
        },
        Tampering(
            "cosignature of another time", verify: .record(310, "the signature by witness.example is wrong"),
            export: .record(310, "the signature by witness.example is wrong"), independent: .record(0, "invalid signature")
        ) { tamperer in
            try await tamperer.putCosignature { checkpoint in
                let line = try tamperer.clinic.witness.cosign(checkpoint.text, time: 1_795_361_400)
                return Note.Signature(
                    name: line.name, keyID: line.keyID, bytes: line.bytes.prefix(7) + [line.bytes[7] ^ 1] + line.bytes.dropFirst(8))
            }
        },
        Tampering(
            "row of a read model edited",
            "UPDATE compliance.verdicts SET verdict = 'overridden' WHERE ctid = (SELECT min(ctid) FROM compliance.verdicts)",
            verify: .readModels("column verdict: it differs from what the log makes"), export: notExported, independent: notExported,
            isSample: true),
        Tampering(
            "row of a read model removed",
            "DELETE FROM session_flowsheet.vitals WHERE ctid = (SELECT min(ctid) FROM session_flowsheet.vitals)",
            verify: .readModels("the row is missing"), export: notExported, independent: notExported, isSample: true),
        Tampering(
            "row of a read model added",
            #"INSERT INTO compliance.verdicts SELECT (jsonb_populate_record(v, '{"rule":"Z9"}')).* FROM compliance.verdicts v LIMIT 1"#,
            verify: .readModels("one too many"), export: notExported, independent: notExported),
        Tampering(
            "read model set back", "UPDATE projections.checkpoints SET position = position - 30 WHERE log = 'record'",
            verify: .readModels("one too many"), export: notExported, independent: notExported),
    ]

    private static func tile(_ level: Int, _ number: Int) -> String {
        """
        UPDATE dripline.tiles t SET hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) FROM dripline.logs l
        WHERE l.log_id = t.log_id AND l.log = 'record' AND level = \(level) AND number = \(number)
        """
    }
}
