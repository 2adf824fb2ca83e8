import Canonical
import Clinic
import Foundation
import Service
import Testing

@Suite struct AppendRequestTests {
    private static let command = "0198f7a2-0000-7000-8000-000000000001"
    private static let stream = "session/0198f7a0-0000-7000-8000-000000000002"

    private static let note: JSON = ["type": "NoteRecorded", "occurred_at": "2026-11-02T15:30:00Z", "data": ["text": "Resting."]]

    /// A flat request with members replaced (or, where nil, taken away).
    private static func flat(_ changes: [String: JSON?] = [:]) -> JSON {
        var members: [String: JSON] = [
            "command": .string(command), "stream": .string(stream), "type": "NoteRecorded", "occurred_at": "2026-11-02T15:30:00Z",
            "data": ["text": "Resting."],
        ]
        for (key, value) in changes { members[key] = value }
        return .object(members)
    }

    private static func listed(_ events: JSON, _ changes: [String: JSON?] = [:]) -> JSON {
        var members: [String: JSON] = ["command": .string(command), "stream": .string(stream), "events": events]
        for (key, value) in changes { members[key] = value }
        return .object(members)
    }

    private func problems(_ json: JSON, _ form: AppendRequest.Form = .single) -> [Problem] {
        do {
            _ = try AppendRequest(json, form: form)
            return []
        } catch {
            return error.problems
        }
    }

    private func pointers(_ json: JSON, _ form: AppendRequest.Form = .single) -> [String] { problems(json, form).map(\.pointer) }

    // MARK: - Well-formed

    @Test func readsAFlatRequest() throws {
        let request = try AppendRequest(Self.flat(["expected_version": 7]), form: .single)
        #expect(request.command.lowercase == Self.command)
        #expect(request.stream.description == Self.stream)
        #expect(request.expectedVersion == 7)
        #expect(request.events.map(\.type) == ["NoteRecorded"])
        #expect(request.events[0].payload == #"{"text":"Resting."}"#)
        #expect(request.isFlat)
        #expect(request.override == nil && request.clinic == nil && request.actor == nil && request.chartedAt == nil)
    }

    @Test func aFlatEventMeansTheSameAsAListOfOne() throws {
        let flat = try AppendRequest(Self.flat(), form: .single)
        let list = try AppendRequest(Self.listed([Self.note]), form: .single)
        #expect(flat.events == list.events && flat.command == list.command && flat.stream == list.stream)
        #expect(!list.isFlat)
    }

    @Test func theSameContentWrittenOtherwiseIsTheSamePayload() throws {
        let one = try AppendRequest(
            try JSON.parse(
                #"{"command":"\#(Self.command)","stream":"\#(Self.stream)","type":"VitalsRecorded","occurred_at":"2026-11-02T15:30:00Z","data":{"phase":"infusion","heart_rate":80,"source":"manual"}}"#
            ), form: .single)
        let other = try AppendRequest(
            try JSON.parse(
                #"{"occurred_at":"2026-11-02T10:30:00.000-05:00","data":{"source":"manual","heart_rate":80.0,"phase":"infusion"},"type":"VitalsRecorded","stream":"\#(Self.stream.uppercased().replacing("SESSION", with: "session"))","command":"\#(Self.command.uppercased())"}"#
            ), form: .single)
        #expect(one == other)
    }

    @Test func readsAnOverride() throws {
        let request = try AppendRequest(Self.flat(["override": ["gate": "consent", "reason": "By word of mouth."]]), form: .single)
        #expect(request.override == Proposal.OverrideRequest(gate: "consent", reason: "By word of mouth."))
    }

    @Test func readsALineOfAnImportFile() throws {
        let line = Self.flat(["clinic": "hickory", "actor": "m.sorrel", "charted_at": "2026-11-02T15:31:00Z"])
        let request = try AppendRequest(line, form: .importLine)
        #expect(request.clinic == "hickory" && request.actor == "m.sorrel")
        #expect(request.chartedAt == Timestamp(rfc3339: "2026-11-02T15:31:00Z"))
        #expect(pointers(Self.flat(["clinic": "hickory", "actor": "m.sorrel"]), .importLine) == [])
    }

    @Test func takesAsManyEventsAsItSays() throws {
        let most = Array(repeating: Self.note, count: AppendRequest.maximumEvents)
        #expect(try AppendRequest(Self.listed(.array(most)), form: .single).events.count == AppendRequest.maximumEvents)
        #expect(pointers(Self.listed(.array(most + [Self.note]))) == ["/events"])
    }

    // MARK: - Ill-formed

    @Test(
        arguments: [
            ("command", nil), ("command", "not-a-uuid"), ("command", 7), ("stream", nil), ("stream", "session/"), ("stream", "session/123"),
            ("stream", "chart/0198f7a0-0000-7000-8000-000000000002"), ("stream", "clinic/0198f7a0-0000-7000-8000-000000000002"),
            ("stream", ["session"]), ("type", nil), ("type", "VitalsRecordedd"), ("type", 1), ("type", ""), ("occurred_at", nil),
            ("occurred_at", "2026-11-02T15:30:00"), ("occurred_at", "yesterday"), ("occurred_at", 1_700_000_000), ("data", nil),
            ("data", "text"), ("data", [1]), ("expected_version", -1), ("expected_version", "7"), ("expected_version", [1]),
            ("override", "consent"), ("clinic", "hickory"), ("actor", "m.sorrel"), ("charted_at", "2026-11-02T15:30:00Z"),
            ("comment", "hello"),
        ] as [(String, JSON?)])
    func namesTheMemberThatIsWrong(_ member: String, _ value: JSON?) {
        #expect(pointers(Self.flat([member: value])) == ["/\(member)"])
    }

    @Test(
        arguments: [
            (["gate": "consent"], ["/override/reason"]), (["reason": "why"], ["/override/gate"]),
            (["gate": "consent", "reason": " "], ["/override/reason"]),
            (["gate": "consent", "reason": "why", "by": "me"], ["/override/by"]), ([:], ["/override/gate", "/override/reason"]),
        ] as [(JSON, [String])])
    func namesWhatIsWrongInAnOverride(_ override: JSON, _ expected: [String]) {
        #expect(pointers(Self.flat(["override": override])) == expected)
    }

    @Test func namesTheFieldsInTheData() {
        let vitals: JSON = ["phase": "infusion", "heart_rate": 300, "spo2_percent": 101, "source": "manual", "colour": "red"]
        let expected = ["/data/heart_rate", "/data/spo2_percent", "/data/colour"]
        #expect(pointers(Self.flat(["type": "VitalsRecorded", "data": vitals])) == expected)
        let event: JSON = ["type": "VitalsRecorded", "occurred_at": "2026-11-02T15:30:00Z", "data": vitals]
        #expect(pointers(Self.listed([Self.note, event])) == expected.map { "/events/1" + $0 })
    }

    @Test func namesTheEventOfAListThatIsWrong() {
        #expect(pointers(Self.listed([])) == ["/events"])
        #expect(pointers(Self.listed("NoteRecorded")) == ["/events"])
        #expect(pointers(Self.listed([Self.note, "note"])) == ["/events/1"])
        let incomplete: JSON = ["type": "NoteRecorded", "data": ["text": "Resting."], "who": "me"]
        #expect(pointers(Self.listed([Self.note, incomplete])) == ["/events/1/occurred_at", "/events/1/who"])
    }

    /// Whoever mends one field shall not have to come back for the next.
    @Test func namesAllThatIsWrongAtOnce() {
        let bad: JSON = [
            "type": "VitalsRecorded", "occurred_at": "soon", "data": ["phase": "infusion", "heart_rate": 0, "source": "manual"],
        ]
        #expect(
            Set(
                pointers(
                    Self.listed(
                        [bad, Self.note, ["type": "Nothing", "occurred_at": "2026-11-02T15:30:00Z", "data": [:]]], ["stream": "x"])))
                == ["/stream", "/events/0/occurred_at", "/events/0/data/heart_rate", "/events/2/type"])
        #expect(
            Set(
                pointers(
                    Self.flat(["command": "x", "type": "VitalsRecorded", "data": ["phase": "later", "heart_rate": 70, "source": "manual"]]))
            )
                == ["/command", "/data/phase"])
    }

    @Test func aFlatEventBesideAListIsRefused() {
        #expect(pointers(Self.listed([Self.note], ["type": "NoteRecorded"])) == ["/type"])
    }

    @Test(arguments: [[] as JSON, "request", 1, .null])
    func aRequestIsAnObject(_ json: JSON) {
        #expect(problems(json) == [Problem(pointer: "", message: "a request must be an object")])
    }

    @Test func aLineOfAnImportFileNamesItsClinicAndActor() {
        #expect(pointers(Self.flat(), .importLine) == ["/clinic", "/actor"])
        let bad: [String: JSON?] = ["clinic": "Hickory Clinic", "actor": "-x", "charted_at": "now"]
        #expect(pointers(Self.flat(bad), .importLine) == ["/clinic", "/actor", "/charted_at"])
    }

    @Test func aDeadlyListOfProblemsIsCut() {
        let bad: JSON = ["type": "VitalsRecorded", "occurred_at": "2026-11-02T15:30:00Z", "data": [:]]
        #expect(problems(Self.listed(.array(Array(repeating: bad, count: 400)))).count == ValidationError.maximumProblems)
    }

    /// Problems may be logged and shown: they name fields and limits.
    @Test func noProblemRepeatsAValue() {
        let marker = "MARKER-7f3a"
        let json = Self.listed(
            [["type": .string(marker), "occurred_at": .string(marker), "data": ["text": .string(marker)]], .string(marker)],
            ["command": .string(marker), "stream": .string(marker), "override": ["gate": 1, "reason": .array([.string(marker)])]])
        let found = problems(json)
        #expect(!found.isEmpty)
        #expect(!found.contains { $0.message.contains(marker) || $0.pointer.contains(marker) })
    }
}
