import Canonical
import Clinic
import Testing

@Suite struct EventBodyTests {
    @Test func everyTypeHasAnExample() throws {
        #expect(try EventExample.all().map(\.type.rawValue).sorted() == EventType.allCases.map(\.rawValue).sorted())
        #expect(EventType.allCases.count == 52)
    }

    @Test(arguments: try EventExample.all())
    func validDataReadsAndWritesBack(_ example: EventExample) throws {
        for data in [example.minimal, example.full] {
            let body = try EventBody(type: example.type.rawValue, data: data)
            #expect(body.type == example.type)
            #expect(try EventBody(type: example.type, data: body.data) == body)
            // Read back from canonical text. An amendment keeps its data as written (1.50), so its texts are compared.
            let stored = try EventBody(type: example.type, data: JSON.parse(body.data.canonical))
            #expect(example.type == .eventAmended ? stored.data.canonical == body.data.canonical : stored == body)
            #expect(Set(body.data.pointers) == Set(data.pointers), "a field was dropped or invented")
            #expect(!body.summary.isEmpty && !body.summary.contains("\n") && body.summary.count < 500)
        }
    }

    @Test(arguments: try EventExample.all())
    func variants(_ example: EventExample) throws {
        for variant in example.variants {
            let data = try variant.changes.reduce(example.full) { data, change in
                data.setting(change.pointer, to: try change.value.map { try JSON.parse($0) })
            }
            let changes = variant.changes.map { "\($0.pointer) = \(($0.value ?? "removed").prefix(80))" }.joined(separator: ", ")
            #expect(problems(example.type, data).map(\.pointer) == (variant.problem.map { [$0] } ?? []), "\(changes)")
        }
    }

    /// Every field of the full data is tried without, as null, as every other kind of value, and beside a misspelling of itself.
    @Test(arguments: try EventExample.all())
    func everyFieldIsStrict(_ example: EventExample) throws {
        guard case .object(let members) = example.full, case .object(let needed) = example.minimal else { return }
        let kinds: [JSON] = [.null, true, 7, "text", [], [:]]
        for (key, value) in members {
            let without = problems(example.type, example.full.setting("/" + key, to: nil))
            if needed[key] != nil, !example.replaceable.contains(key) {
                #expect(without.contains { $0.pointer == "/" + key && $0.message.hasPrefix(key + " ") }, "\(key)")
            } else if example.type != .sideEffectObserved {
                #expect(without.isEmpty, "\(key)")
            }
            for kind in kinds where !kind.isSameKind(as: value) {
                let found = problems(example.type, example.full.setting("/" + key, to: kind))
                #expect(found.contains { $0.pointer == "/" + key && $0.message.hasPrefix(key) }, "\(key) as \(kind.canonical)")
            }
            let misspelt = problems(example.type, example.full.setting("/" + key + "s", to: value))
            #expect(misspelt == [Problem(pointer: "/\(key)s", message: "\(key)s is not a known field; did you mean \(key)?")])
        }
    }

    @Test(arguments: try EventExample.all())
    func allProblemsAreReportedAtOnce(_ example: EventExample) throws {
        guard case .object(let needed) = example.minimal else { return }
        let expected = needed.keys.filter { !example.replaceable.contains($0) }
        #expect(Set(problems(example.type, [:]).map(\.pointer)).isSuperset(of: expected.map { "/" + $0 }))
    }

    @Test func unknownTypeNamesTheNearest() {
        #expect(throws: ValidationError([Problem(pointer: "", message: "type is not a known event type; did you mean DoseAdjusted?")])) {
            try EventBody(type: "dose_adjusted", data: [:])
        }
        #expect(throws: ValidationError([Problem(pointer: "", message: "type is not a known event type")])) {
            try EventBody(type: "Ada Okafor, born 1984", data: [:])
        }
    }

    @Test(arguments: [("null", "null"), ("[]", "a list"), ("7", "a number"), (#""x""#, "a text"), ("true", "true or false")])
    func dataMustBeAnObject(_ text: String, _ kind: String) throws {
        let data = try JSON.parse(text)
        for type in EventType.allCases {
            #expect(problems(type, data) == [Problem(pointer: "", message: "data is \(kind); it must be an object")])
        }
    }

    private func problems(_ type: EventType, _ data: JSON) -> [Problem] {
        do throws(ValidationError) {
            _ = try EventBody(type: type, data: data)
            return []
        } catch {
            return error.problems
        }
    }
}

extension JSON {
    func isSameKind(as other: JSON) -> Bool {
        switch (self, other) {
        case (.null, .null), (.bool, .bool), (.number, .number), (.string, .string), (.array, .array), (.object, .object): true
        default: false
        }
    }
}
