import Canonical
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Every check of `dripline.check_append`: the call is refused with DL003, says why, quotes nothing and writes nothing.
@Suite(.ledger) struct MalformedCallTests {
    typealias Values = [(any SQLValue)?]

    /// A call that is well formed: two commands with three events and one condition.
    private static var call: Values {
        let command = AppendCommand.vitals(session(1), conditions: [StreamCondition(stream: session(1), version: 0)])
        return AppendParameters([AppendCommand.full(), command], log: .test()).values
    }

    struct Case: Sendable {
        let says: String
        let change: @Sendable (inout Values) -> Void

        /// Argument `$number` of `dripline.append` is replaced.
        init(_ number: Int, _ value: (any SQLValue)?, _ says: String) {
            self.says = says
            change = { $0[number - 1] = value }
        }
    }

    private static let ids = [UUID(), UUID()]
    private static let long = String(repeating: "a", count: 65)
    private static let bytes = [UInt8](repeating: 7, count: 32)
    private static let moments = (0..<3).map { SQLTimestamp(.sample($0)) }

    static let commandCases: [Case] = [
        Case(1, "Hickory", "name no log"),
        Case(1, "hick\"ory", "name no log"),
        Case(1, nil as String?, "name no log"),
        Case(2, "audit", "name no log"),
        Case(3, nil as [UUID]?, "in_commands is empty"),
        Case(3, [UUID](), "in_commands is empty"),
        Case(3, [ids[0]], "not of one length"),
        Case(3, [ids[0], ids[0]], "one command twice"),
        Case(3, [ids[0], nil], "holds a NULL"),
        Case(4, ["dr.a"], "not of one length"),
        Case(4, nil as [String]?, "not of one length"),
        Case(4, ["dr.a", nil], "in_actors[2]"),
        Case(4, ["dr.a", ""], "in_actors[2]"),
        Case(4, ["dr\"a", "b"], "in_actors[1]"),
        Case(4, ["dr.a\n", "b"], "in_actors[1]"),
        Case(4, ["a", "b c"], "in_actors[2]"),
        Case(4, ["a", long], "in_actors[2]"),
        Case(4, ["é", "b"], "in_actors[1]"),
        // As if it were another event's names.
        Case(4, ["a A clinic  \na", "b"], "in_actors[1]"),
        Case(5, [SQLTimestamp?.none], "not of one length"),
        Case(5, [SQLTimestamp.infinity, nil], "in_charted_at[1]"),
        Case(5, [nil, SQLTimestamp.minusInfinity], "in_charted_at[2]"),
        Case(5, [nil, yearTenThousand], "in_charted_at[2]"),
    ]

    static let conditionCases: [Case] = [
        Case(6, nil as [Int32]?, "in_condition"),
        Case(6, [Int32](), "in_condition"),
        Case(6, [Int32(3)], "condition 1"),
        Case(6, [Int32(0)], "condition 1"),
        Case(6, [Int32?.none], "condition 1"),
        Case(7, [String?.none], "condition 1"),
        Case(7, ["session/1"], "condition 1"),
        Case(7, ["clinic\nclinic"], "condition 1"),
        Case(7, [""], "condition 1"),
        Case(7, [String(repeating: "a", count: 33)], "condition 1"),
        Case(7, ["a", "b"], "in_condition"),
        Case(8, [Int64(-1)], "condition 1"),
        Case(8, [Int64?.none], "condition 1"),
        Case(8, [Int64](), "in_condition"),
    ]

    /// Before the year 1 or after 9999 an entry could not write it.
    private static let yearTenThousand = SQLTimestamp(microseconds: 253_402_300_800_000_000)
    private static let yearZero = SQLTimestamp(microseconds: -62_135_596_800_000_001)

    static let eventCases: [Case] = [
        Case(9, [Int32](), "not of one length"),
        Case(9, [1, 1, nil] as [Int32?], "event 3: no such command"),
        Case(9, [1, 1, 3] as [Int32], "event 3: no such command"),
        Case(9, [0, 1, 2] as [Int32], "event 1: no such command"),
        Case(9, [1, 2, 1] as [Int32], "event 3: events must stand in the order"),
        Case(9, [2, 2, 2] as [Int32], "event 1: events must stand in the order"),
        Case(9, [1, 1, 1] as [Int32], "the last command has no event"),
        Case(10, [UUID](), "in_event is empty"),
        Case(10, nil as [UUID]?, "in_event is empty"),
        Case(10, [UUID(), nil, UUID()], "event 2: the id"),
        Case(10, ids, "not of one length"),
        Case(11, ["clinic", "clinic", nil], "event 3: the stream"),
        Case(11, ["clinic", "", "clinic"], "event 2: the stream"),
        Case(11, ["Clinic", "clinic", "clinic"], "event 1: the stream"),
        Case(11, ["session/00000000-0000-7000-8000-00000000000A", "clinic", "clinic"], "event 1: the stream"),
        Case(11, ["clinic\"", "clinic", "clinic"], "event 1: the stream"),
        Case(11, ["clinic\n", "clinic", "clinic"], "event 1: the stream"),
        Case(11, ["clinic  \na A clinic", "clinic", "clinic"], "event 1: the stream"),
        Case(11, [String(repeating: "a", count: 33), "clinic", "clinic"], "event 1: the stream"),
        Case(11, ["clinic", String(repeating: "a", count: 33) + "/00000000-0000-7000-8000-00000000000a", "clinic"], "event 2: the stream"),
        Case(11, ["clinic clinic ", "clinic", "clinic"], "event 1: the stream"),
        Case(12, ["VitalsRecorded", "noteRecorded", "A"], "event 2: the type"),
        Case(12, ["VitalsRecorded", nil, "A"], "event 2: the type"),
        Case(12, ["A\\", "A", "A"], "event 1: the type"),
        Case(13, [moments[0], nil, moments[1]], "event 2: occurred_at"),
        Case(13, [moments[0], .infinity, moments[1]], "event 2: occurred_at"),
        Case(13, [moments[0], yearTenThousand, moments[1]], "event 2: occurred_at"),
        Case(13, [yearZero, moments[0], moments[1]], "event 1: occurred_at"),
        Case(14, [nil, nil, "Who"] as [String?], "event 3: the subject"),
        Case(14, ["patient/\"", nil, nil], "event 1: the subject"),
        Case(14, ["", nil, nil], "event 1: the subject"),
        Case(12, [long.capitalized, "A", "A"], "event 1: the type"),
        Case(15, ["", nil, nil], "event 1: the override names no gate"),
        Case(15, [long, nil, nil], "event 1: the override names no gate"),
        Case(15, ["consent\"", nil, nil], "event 1: the override names no gate"),
        Case(15, [nil, nil, nil] as [String?], "event 1: an override needs"),
        Case(15, ["consent", "dose", nil], "event 2: an override needs"),
        Case(16, [nil, nil, nil] as [String?], "event 1: an override needs"),
        Case(16, ["", nil, nil], "event 1: the override's reason"),
        Case(16, [String(repeating: "r", count: 65_537), nil, nil], "event 1: the override's reason"),
        Case(17, [nil, nil, nil] as [[UInt8]?], "event 1: an override needs"),
        Case(17, [[1, 2, 3], nil, nil] as [[UInt8]?], "event 1: the override's digest"),
        Case(18, [bytes, nil, bytes], "event 2: the salt"),
        Case(18, [bytes, bytes, bytes + [1]], "event 3: the salt"),
        Case(19, ["1", nil, "1"], "event 2: the payload"),
        Case(19, [String(repeating: "1", count: 1_048_577), "1", "1"], "event 1: the payload"),
        Case(20, [bytes, bytes, nil], "event 3: the payload's digest"),
        Case(20, [bytes, [], bytes], "event 2: the payload's digest"),
        Case(20, [bytes], "not of one length"),
        Case(21, [1, nil, 1] as [Int16?], "event 2: the version of its type"),
        Case(21, [1, 1, 0] as [Int16], "event 3: the version of its type"),
        Case(21, [1] as [Int16], "not of one length"),
    ]

    @Test(arguments: ["commands", "conditions", "events", "single"])
    func isRefusedAndWritesNothing(_ group: String) async throws {
        let groups = [
            "commands": Self.commandCases, "conditions": Self.conditionCases, "events": Self.eventCases, "single": Self.singleCases,
        ]
        let cases = groups[group] ?? []
        let call = group == "single" ? AppendParameters([.vitals(session(1))], log: .test()).values : Self.call
        try await withConnection(TestDatabase.current.settings.setting(role: "dripline_service")) { connection async throws in
            _ = try await connection.query(AppendParameters.statement, AppendParameters([.vitals(session(8))], log: .test()).values)
            let before = try await StoredLog(connection)
            for (index, one) in cases.enumerated() {
                var values = call
                one.change(&values)
                let comment: Comment = "\(group) \(index): \(one.says)"
                let sent = values
                let error = await #expect(throws: PostgresError.self, comment) {
                    try await connection.query(AppendParameters.statement, sent)
                }
                #expect(error?.sqlState == AppendState.malformed, comment)
                #expect(error?.message.contains(one.says) == true, "\(group) \(index): \(one.says) ≠ \(error?.message ?? "")")
            }
            #expect(try await StoredLog(connection) == before)
            // The call that they were made from is taken.
            #expect(try await connection.query(AppendParameters.statement, call).count == (group == "single" ? 1 : 3))
        }
    }

    /// Arrays that do not count from 1, or have rows, would be read shifted where they are subscripted.
    @Test(arguments: ["commands", "actors", "charted_at", "event_command", "stream", "payload"], ["[0:1]={%1,%2}", "{{%1,%2}}"])
    func arraysOfAnotherShapeAreRefused(_ array: String, _ shape: String) async throws {
        let arrays = [
            "commands": ("uuid[]", Self.ids.map(\.lowercase)), "actors": ("text[]", ["a", "b"]),
            "charted_at": ("timestamptz[]", ["2026-01-01T00:00:00Z", "NULL"]), "event_command": ("integer[]", ["1", "2"]),
            "stream": ("text[]", ["clinic", "clinic"]), "payload": ("text[]", ["1", "1"]),
        ]
        let text = arrays.mapValues { type, values in
            "'\(shape.replacing("%1", with: values[0]).replacing("%2", with: values[1]))'::\(type)"
        }
        let plain = arrays.mapValues { type, values in "'{\(values.joined(separator: ","))}'::\(type)" }
        func argument(_ name: String) -> String { (name == array ? text : plain)[name] ?? "" }
        let zeros = "ARRAY[sha256(''),sha256('')]"
        let sql = """
            SELECT * FROM dripline.append('hickory', 'record', \(argument("commands")), \(argument("actors")), \(argument("charted_at")),
                '{}', '{}', '{}', \(argument("event_command")), '{\(UUID()),\(UUID())}', \(argument("stream")), '{A,A}',
                '{2026-01-01T00:00:00Z,2026-01-01T00:00:00Z}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}',
                \(zeros), \(argument("payload")), \(zeros), '{1,1}')
            """
        try await withConnection(TestDatabase.current.settings.setting(role: "dripline_service")) { connection async throws in
            let error = await #expect(throws: PostgresError.self) { try await connection.query(sql) }
            #expect(error?.sqlState == AppendState.malformed)
            #expect(try await StoredLog(connection).logs.isEmpty)
        }
    }

    /// Of a call of one event, which has a way of its own.
    static let singleCases: [Case] = [
        Case(1, "Hickory", "name no log"),
        Case(3, [UUID?.none], "holds a NULL"),
        Case(4, ["a", "b"], "not of one length"),
        Case(4, ["dr\"a"], "in_actors[1]"),
        Case(4, [long], "in_actors[1]"),
        Case(5, [SQLTimestamp.infinity], "in_charted_at[1]"),
        Case(6, [Int32(1)], "in_condition"),
        Case(7, ["clinic"], "in_condition"),
        Case(8, [Int64(0)], "in_condition"),
        Case(9, [Int32(2)], "event 1: no such command"),
        Case(9, [Int32?.none], "event 1: no such command"),
        Case(10, ids, "not of one length"),
        Case(10, [UUID?.none], "event 1: the id"),
        Case(11, ["clinic\n"], "event 1: the stream"),
        Case(11, ["session/00000000-0000-7000-80000-00000000000a"], "event 1: the stream"),
        Case(11, ["session/0000000000007000800000000000000a----"], "event 1: the stream"),
        Case(11, ["a/a/b"], "event 1: the stream"),
        Case(11, [String(repeating: "a", count: 33)], "event 1: the stream"),
        Case(12, ["a"], "event 1: the type"),
        Case(12, [long.uppercased()], "event 1: the type"),
        Case(13, [yearTenThousand], "event 1: occurred_at"),
        Case(13, [SQLTimestamp?.none], "event 1: occurred_at"),
        Case(14, ["patient/"], "event 1: the subject"),
        Case(15, ["consent"], "event 1: an override needs"),
        Case(16, ["why"], "event 1: an override needs"),
        Case(17, [bytes], "event 1: an override needs"),
        Case(18, [[1] as [UInt8]], "event 1: the salt"),
        Case(19, [String?.none], "event 1: the payload"),
        Case(20, [[UInt8]?.none], "event 1: the payload's digest"),
        Case(21, [Int16(0)], "event 1: the version of its type"),
    ]

    /// The door for several logs refuses what the other refuses, and a call that does not say which log each command is for.
    @Test(arguments: ["commands", "conditions", "events"])
    func theDoorForSeveralLogsRefusesTheSame(_ group: String) async throws {
        let groups = ["commands": Self.commandCases, "conditions": Self.conditionCases, "events": Self.eventCases]
        let places: Values = [["hickory", "walnut"], ["record", "record"], [Int32(1), 2]]
        try await withConnection(TestDatabase.current.settings.setting(role: "dripline_service")) { connection async throws in
            for log in [LogName.test(), .test("walnut")] { try await connection.append(.vitals(session(8)), to: log) }
            let before = try await StoredLog(connection)
            for (index, one) in (groups[group] ?? []).enumerated() {
                var values = Self.call
                one.change(&values)
                // Which log it is for is said otherwise here.
                guard values.prefix(2).elementsEqual(Self.call.prefix(2), by: { "\($0 as Any)" == "\($1 as Any)" }) else { continue }
                let sent = places + values.dropFirst(2)
                let error = await #expect(throws: PostgresError.self) { try await connection.query(Ledger.appendMany, sent) }
                #expect(error?.sqlState == AppendState.malformed, "\(group) \(index): \(one.says)")
            }
            let wrong: [Values] = [
                [["hickory", "hickory"], ["record", "record"], [Int32(1), 2]], [["hickory"], ["record", "record"], [Int32(1), 1]],
                [["hickory", "walnut"], ["record", "record"], [Int32(1), 3]],
                [["hickory", "walnut"], ["record", "record"], [Int32(0), 1]],
                [["hickory", "walnut"], ["record", "record"], [Int32(1)]],
                [["hickory", "walnut"], ["record", "record"], [1, nil] as [Int32?]],
                [[String](), [String](), [Int32(1), 1]], [nil as [String]?, ["record"], [Int32(1), 1]],
            ]
            for place in wrong {
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.query(Ledger.appendMany, place + Self.call.dropFirst(2))
                }
                #expect(error?.sqlState == AppendState.malformed, "\(place)")
            }
            #expect(try await StoredLog(connection) == before)
            #expect(try await connection.query(Ledger.appendMany, places + Self.call.dropFirst(2)).count == 3)
        }
    }

    @Test(arguments: ["", "{", "nul", #"{"a":1}x"#, "\u{1}"])
    func aPayloadThatIsNoJSONIsRefusedWithoutQuotingIt(_ payload: String) async throws {
        try await withLedger { ledger async throws in
            var command = AppendCommand.vitals(session(1))
            command.events[0].payload = payload + (payload.isEmpty ? "" : " Mustermann")
            let sent = command
            let error = await #expect(throws: LedgerError.self) { try await ledger.append([sent], to: .test()) }
            #expect("\(String(describing: error))".contains("Mustermann") == false)
            #expect(try await ledger.head(of: .test()).size == 0)
        }
    }
}
