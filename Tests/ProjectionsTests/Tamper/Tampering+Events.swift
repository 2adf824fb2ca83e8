import Canonical
import Foundation
import Ledger
import Postgres
import Tlog

/// Alterations of single events.
extension Tampering {
    static let ofEvents: [Tampering] = [
        Tampering(
            "payload bit",
            """
            UPDATE record SET payload = convert_from(set_byte(convert_to(payload::text, 'UTF8'), 2, get_byte(convert_to(payload::text, 'UTF8'), 2) # 1),
                'UTF8')::json WHERE position = 57
            """, verify: .record(57, "the payload does not match its digest"), export: .record(57, "the payload does not match its digest"),
            independent: .record(57, "the payload of entry 57 does not match the digest"), isSample: true),
        Tampering(
            "payload spaced out", "UPDATE record SET payload = (payload::text || ' ')::json WHERE position = 57",
            verify: .record(57, "the payload does not match its digest"), export: .record(57, "the payload does not match its digest"),
            independent: .hidden("a JSON reader in Go sees no space after a value")),
        Tampering(
            "salt", "UPDATE record SET salt = set_byte(salt, 31, get_byte(salt, 31) # 1) WHERE position = 57",
            verify: .record(57, "the payload does not match its digest"), export: .record(57, "the payload does not match its digest"),
            independent: .record(57, "the payload of entry 57 does not match the digest"), isSample: true),
        Tampering(
            "payload digest",
            "UPDATE record SET payload_digest = set_byte(payload_digest, 0, get_byte(payload_digest, 0) # 1) WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry's own digest is exported"),
            independent: .hidden("the entry's own digest is exported")),
        Tampering(
            "entry", "UPDATE record SET entry = replace(entry, '\"v\":1', '\"v\":2') WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"),
            export: .record(310, "the checkpoint signed at this size has another root"),
            independent: .record(0, "the entries do not make the root that is signed"), isSample: true),
        Tampering(
            "leaf", "UPDATE record SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 128) WHERE position = 57",
            verify: .record(57, "the leaf hash is not that of the entry"),
            export: .hidden("an export carries no leaves: whoever reads it computes them"),
            independent: .hidden("an export carries no leaves: whoever reads it computes them")),
        Tampering(
            "actor", "UPDATE record SET actor = 'some.body' WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still names the actor"),
            independent: .hidden("the entry still names the actor"), isSample: true),
        Tampering(
            "actor, in its entry and leaf too", verify: .record(120, "the checkpoint signed at this size has another root"),
            export: .record(310, "the checkpoint signed at this size has another root"),
            independent: .record(0, "the entries do not make the root that is signed")
        ) {
            try await $0.sql("UPDATE record SET actor = 'some.body' WHERE position = 57")
            try await $0.rebuildEntries()
        },
        Tampering(
            "recorded_at moved", "UPDATE record SET recorded_at = recorded_at + interval '1 microsecond' WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still says when"),
            independent: .hidden("the entry still says when"), isSample: true),
        Tampering(
            "recorded_at moved, in its entry and leaf too", verify: .record(58, "recorded_at is before that of the event before it"),
            export: .record(58, "it was recorded before the event before it"),
            independent: .record(58, "entry 58 was recorded before the one before it")
        ) {
            try await $0.sql("UPDATE record SET recorded_at = recorded_at + interval '1 day' WHERE position = 57")
            try await $0.rebuildEntries()
        },
        Tampering(
            "occurred_at", "UPDATE record SET occurred_at = occurred_at - interval '1 hour' WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still says when"),
            independent: .hidden("the entry still says when")),
        Tampering(
            "type", "UPDATE record SET type = 'NoteRecorded' WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still says which"),
            independent: .hidden("the entry still says which")),
        Tampering(
            "version of the stream", "UPDATE record SET version = version + 1000 WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still says which"),
            independent: .hidden("the entry still says which")),
        Tampering(
            "event id", "UPDATE record SET event = gen_random_uuid() WHERE position = 57",
            verify: .record(57, "the entry does not say what the columns say"), export: .hidden("the entry still says which"),
            independent: .hidden("the entry still says which")),
        Tampering(
            "moved to another stream, in its entry and leaf too", verify: .record(57, "its stream's version is"),
            export: .record(57, "its stream's version is"), independent: .record(57, "its stream's version is")
        ) {
            try await $0.sql(
                "UPDATE record SET stream = 'session/00000000-0000-7000-8000-000000000001', version = 3 WHERE position = 57")
            try await $0.rebuildEntries()
        },
        Tampering(
            "override's reason",
            "UPDATE record SET override_reason = 'Another.' WHERE position = (SELECT min(position) FROM record WHERE override_gate IS NOT NULL)",
            verify: .record(-1, "the override's reason does not match its digest"),
            export: .record(-1, "the override's reason does not match its digest"),
            independent: .record(-1, "does not match its digest")),
        Tampering(
            "salt and payload of different events",
            """
            UPDATE record r SET salt = o.salt, payload = o.payload FROM record o WHERE r.position = 57 AND o.position = 58
            """, verify: .record(57, "the payload does not match its digest"), export: .record(57, "the payload does not match its digest"),
            independent: .record(57, "the payload of entry 57 does not match the digest")),
        Tampering(
            "an access to a chart", "UPDATE access SET payload = replace(payload::text, 'treatment', 'research')::json WHERE position = 2",
            verify: .access(2, "the payload does not match its digest"), export: .access(2, "the payload does not match its digest"),
            independent: .access(2, "the payload of entry 2 does not match the digest"), isSample: true),
    ]
}
