import Canonical
import Foundation
import Ledger
import Postgres
import Tlog

/// Alterations of which events there are, and in which order.
extension Tampering {
    /// Moves what comes from a position on by so many places.
    private static func shifted(from position: Int64, by places: Int64) -> String {
        """
        UPDATE record SET position = position + 100000 WHERE position >= \(position);
        UPDATE record SET position = position - 100000 + \(places) WHERE position > 100000;
        UPDATE dripline.commands c SET first_position = first_position + \(places) FROM dripline.logs l
        WHERE l.log_id = c.log_id AND l.log = 'record' AND first_position >= \(position);
        UPDATE dripline.logs SET size = size + \(places) WHERE log = 'record'
        """
    }

    static let ofOrder: [Tampering] = [
        Tampering(
            "positions swapped",
            """
            UPDATE record SET position = 100000 WHERE position = 57; UPDATE record SET position = 57 WHERE position = 58;
            UPDATE record SET position = 58 WHERE position = 100000
            """, verify: .record(57, "the entry does not say what the columns say"),
            export: .record(57, "the entry says that it is at position 58"),
            independent: .record(57, "entry 57 says that it is at position 58"), isSample: true),
        Tampering(
            "two events reordered, in their entries, leaves and commands too",
            verify: .record(120, "the checkpoint signed at this size has another root"),
            export: .record(310, "the checkpoint signed at this size has another root"),
            independent: .record(0, "the entries do not make the root that is signed"), isSample: true
        ) {
            // Of different streams and of one time, so that neither version nor time tells.
            try await $0.sql(
                """
                UPDATE record r SET recorded_at = l.recorded_at FROM record l WHERE l.position = 70 AND r.position BETWEEN 50 AND 69;
                CREATE TEMP TABLE pair AS SELECT min(a.position) AS first FROM record a JOIN record b ON b.position = a.position + 1 AND b.stream <> a.stream
                    WHERE a.position BETWEEN 50 AND 68;
                UPDATE record SET position = 100000 WHERE position = (SELECT first FROM pair);
                UPDATE record SET position = position - 1 WHERE position = (SELECT first + 1 FROM pair);
                UPDATE record SET position = (SELECT first + 1 FROM pair) WHERE position = 100000;
                UPDATE dripline.commands c SET first_position = r.position FROM record r WHERE r.command = c.command
                """)
            try await $0.rebuildEntries()
        },
        Tampering(
            "event deleted in the middle",
            "DELETE FROM dripline.commands WHERE command = (SELECT command FROM record WHERE position = 57); DELETE FROM record WHERE position = 57",
            verify: .record(57, "the event is missing"), export: .refused("at position 57 the event is missing"),
            independent: .refused("no export"),
            isSample: true),
        Tampering(
            "event deleted in the middle, and the rest moved up", verify: .record(71, "its stream's version is"),
            export: .record(71, "its stream's version is"), independent: .record(71, "its stream's version is")
        ) {
            try await $0.sql(
                """
                DELETE FROM dripline.commands WHERE command = (SELECT command FROM record WHERE position = 57); DELETE FROM record WHERE position = 57;
                \(shifted(from: 58, by: -1))
                """)
            try await $0.rebuildEntries()
        },
        Tampering(
            "event inserted in the middle", verify: .record(120, "the checkpoint signed at this size has another root"),
            export: .record(310, "the checkpoint signed at this size has another root"),
            independent: .record(0, "the entries do not make the root that is signed"), isSample: true
        ) {
            let command = UUID()
            try await $0.sql(shifted(from: 57, by: 1))
            try await $0.connection.execute(
                """
                INSERT INTO dripline.events SELECT log_id, 57, 1, occurred_at, recorded_at, charted_at, $1, $2,
                    'session/00000000-0000-7000-8000-000000000001', type, actor, NULL, NULL, NULL, NULL, salt, payload_digest, leaf, payload, entry, v
                FROM record WHERE position = 56
                """, [UUID.v5(namespace: command, name: "0"), command])
            try await $0.connection.execute(
                "INSERT INTO dripline.commands SELECT log_id, $1, 57, 1 FROM dripline.logs WHERE log = 'record'", [command])
            try await $0.rebuildEntries()
        },
        Tampering(
            "event added at the end",
            """
            INSERT INTO dripline.events SELECT log_id, 311, version + 1, occurred_at, recorded_at, charted_at, event, command, stream, type, actor,
                subject, override_gate, override_reason, override_digest, salt, payload_digest, leaf, payload, entry, v FROM record WHERE position = 310
            """, verify: .record(311, "the event lies beyond the log's head"), export: .hidden("it ends at the log's head"),
            independent: .hidden("it ends at the log's head")),
        Tampering(
            "tail cut off",
            """
            DELETE FROM record WHERE position > 280;
            DELETE FROM dripline.commands c USING dripline.logs l WHERE l.log_id = c.log_id AND l.log = 'record' AND first_position > 280;
            UPDATE dripline.logs SET size = 280, recorded_at = (SELECT recorded_at FROM record WHERE position = 280) WHERE log = 'record'
            """, verify: .record(281, "a checkpoint signs 310 events; there are 280"),
            export: .hidden("it holds the last checkpoint within it; a kept one tells, see the next"),
            independent: .hidden("it holds the last checkpoint within it; a kept one tells, see the next"), isSample: true),
        Tampering(
            "tail cut off, with its checkpoints and tiles, held against a kept checkpoint",
            verify: .record(281, "310 events were signed, as remembered"),
            export: .record(281, "the checkpoint that it is held against has 310 events"),
            independent: .record(0, "it has 310 entries, the export 280"), against: .last
        ) {
            try await $0.sql(
                """
                DELETE FROM record WHERE position > 280;
                DELETE FROM dripline.commands c USING dripline.logs l WHERE l.log_id = c.log_id AND l.log = 'record' AND first_position > 280;
                UPDATE dripline.logs SET size = 280, recorded_at = (SELECT recorded_at FROM record WHERE position = 280) WHERE log = 'record'
                """)
            try await $0.sealAgain()
        },
        Tampering(
            "older backup restored", verify: .record(121, "310 events were signed, as remembered outside the database"),
            export: .hidden("it is a true export of the log as it was"), independent: .hidden("it is a true export of the log as it was"),
            isSample: true
        ) { try await $0.restoreOlder() },
        Tampering(
            "older backup restored, held against a later checkpoint",
            verify: .record(121, "the checkpoint that it is held against has 310 events"),
            export: .record(121, "the checkpoint that it is held against has 310 events"),
            independent: .record(0, "it has 310 entries, the export 120"),
            against: .last, memoryToo: true
        ) { try await $0.restoreOlder() },
        Tampering(
            "whole history rewritten and signed again with the real key",
            verify: .record(310, "as remembered outside the database, has another root"),
            export: .hidden("it is consistent, and signed with the real key: only a kept checkpoint tells, see the next"),
            independent: .hidden("it is consistent, and signed with the real key: only a kept checkpoint tells, see the next"),
            isSample: true
        ) {
            try await $0.rewrite(57) { $0.replacing("{\"", with: "{\"a", maxReplacements: 1) }
            try await $0.sealAgain()
        },
        Tampering(
            "the same, with the memory of what was signed, held against a kept checkpoint",
            verify: .record(120, "the log does not extend the checkpoint that it is held against"),
            export: .record(120, "the log does not extend the checkpoint that it is held against"),
            independent: .record(0, "the log does not extend it: its history was rewritten"), against: .kept, memoryToo: true,
            isSample: true
        ) {
            try await $0.rewrite(57) { $0.replacing("{\"", with: "{\"a", maxReplacements: 1) }
            try await $0.sealAgain()
        },
        Tampering(
            "split view: another tree of the same size, signed with the real key",
            verify: .record(310, "the log does not extend the checkpoint that it is held against"),
            export: .record(310, "the log does not extend the checkpoint that it is held against"),
            independent: .record(0, "another root at the same size"), against: .forged(size: 310), isSample: true
        ) { _ in },
        Tampering(
            "split view: an older tree of another history, signed with the real key",
            verify: .record(220, "the log does not extend the checkpoint that it is held against"),
            export: .record(220, "the log does not extend the checkpoint that it is held against"),
            independent: .record(0, "the log does not extend it: its history was rewritten"), against: .forged(size: 220)
        ) { _ in },
        Tampering(
            "event moved into the log of accesses",
            """
            UPDATE dripline.events SET log_id = (SELECT log_id FROM dripline.logs WHERE log = 'access'), position = 7
            WHERE position = 310 AND log_id = (SELECT log_id FROM dripline.logs WHERE log = 'record')
            """, verify: .record(310, "the events from here on are missing"), export: .refused("at position 310 the event is missing"),
            independent: .refused("no export")),
    ]
}
