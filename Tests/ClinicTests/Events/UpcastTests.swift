import Canonical
import Foundation
import Testing

@testable import Clinic

/// What was written long ago is read today.
@Suite struct UpcastTests {
    private struct Frozen: Sendable, CustomTestStringConvertible {
        let type: String
        let version: Int
        let data: JSON

        var testDescription: String { "\(type) version \(version)" }
    }

    /// Data of every type as version 1 wrote it, with all its fields and with those that it needs. Never to be changed: the logs aren't either.
    private static func frozen() throws -> [Frozen] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Frozen/events-v1.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let json = try JSON.parse(String(line))
            return Frozen(type: json["type"]?.text ?? "", version: Int(json["v"]?.int64 ?? 0), data: json["data"] ?? .null)
        }
    }

    /// What data of a type reads as now, where a later version changed it; every other type reads as it was written.
    private static func expected(_ frozen: Frozen) -> JSON { frozen.data }

    @Test(arguments: try frozen())
    private func versionOneIsStillRead(_ frozen: Frozen) throws {
        #expect(frozen.version == 1)
        let body = try EventBody(type: frozen.type, version: frozen.version, data: frozen.data)
        #expect(body.type.rawValue == frozen.type)
        #expect(body.data.canonical == Self.expected(frozen).canonical)
    }

    @Test func everyTypeIsAmongThem() throws {
        let types = Set(try Self.frozen().map(\.type))
        // A type that is added later has a version 1 too: its lines go to the end of the file.
        #expect(types == Set(EventType.allCases.map(\.rawValue)))
    }

    @Test(arguments: EventType.allCases)
    func anotherVersionFailsLoudly(_ type: EventType) throws {
        for version in [Int.min, -1, 0, type.currentVersion + 1, Int.max] {
            let error = #expect(throws: Upcast.UnknownVersion.self) { try Upcast.current(type, version: version, data: [:]) }
            #expect(error?.description.contains("\(type) in version \(version)") == true)
            #expect(error?.description.contains("update Dripline") == true)
            #expect(throws: Upcast.UnknownVersion.self) { try EventBody(type: type.rawValue, version: version, data: [:]) }
        }
        #expect(type.currentVersion == 1 + (Upcast.standard.steps[type]?.count ?? 0))
    }

    @Test func anUnknownTypeIsNoVersion() {
        #expect(throws: ValidationError.self) { try EventBody(type: "Nonesuch", version: 1, data: [:]) }
    }

    /// Two steps of a type: old data takes those that are after its version, in their order.
    @Test func olderDataTakesEachStepAfterIt() throws {
        let upcast = Upcast(steps: [
            .noteRecorded: [
                { $0.setting("/text", to: $0["note"]).setting("/note", to: nil) },
                { $0.setting("/lines", to: .array([$0["text"] ?? .null])).setting("/text", to: nil) },
            ]
        ])
        #expect(upcast.currentVersion(of: .noteRecorded) == 3 && upcast.currentVersion(of: .discharged) == 1)
        #expect(try upcast.current(.noteRecorded, version: 1, data: ["note": "Rests."]) == ["lines": ["Rests."]])
        #expect(try upcast.current(.noteRecorded, version: 2, data: ["text": "Rests."]) == ["lines": ["Rests."]])
        #expect(try upcast.current(.noteRecorded, version: 3, data: ["lines": ["Rests."]]) == ["lines": ["Rests."]])
        for version in [0, 4] {
            #expect(throws: Upcast.UnknownVersion(type: .noteRecorded, version: version, current: 3)) {
                try upcast.current(.noteRecorded, version: version, data: [:])
            }
        }
    }

    /// An amendment's data is of its target's type, whose version may be another than that of EventAmended.
    @Test func anAmendmentSaysTheVersionOfItsData() throws {
        func amendment(_ version: JSON?) throws -> EventAmended {
            let data: JSON = ["target": "0198f7a2-0000-7000-8000-000000000001", "reason": "Slip", "data": ["text": "Rested."]]
            guard case .eventAmended(let amendment) = try EventBody(type: .eventAmended, data: data.setting("/data_version", to: version))
            else {
                throw CancellationError()
            }
            return amendment
        }
        for version in [nil, 1] as [JSON?] {
            #expect(try amendment(version).body(replacing: .noteRecorded) == EventBody(type: .noteRecorded, data: ["text": "Rested."]))
        }
        #expect(throws: Upcast.UnknownVersion.self) { try amendment(2).body(replacing: .noteRecorded) }
    }
}
