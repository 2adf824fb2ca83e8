import Canonical
import Clinic
import Testing

/// Whatever comes in: never a trap, never a value quoted in a message, and what is accepted reads back the same.
@Suite struct EventFuzzTests {
    private static let secret = "Zebulon Q. Patient"

    @Test(arguments: try EventExample.all())
    func mutatedDataNeverTraps(_ example: EventExample) throws {
        var random = SplitMix(seed: 0x0198_f7a2)
        let pointers = example.full.pointers
        for _ in 0..<500 {
            var data = example.full
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let pointer = pointers.randomElement(using: &random) ?? ""
                data = data.setting(pointer, to: Int.random(in: 0..<8, using: &random) == 0 ? nil : Self.value(&random))
            }
            check(example.type, data)
        }
    }

    @Test func randomDataNeverTraps() {
        var random = SplitMix(seed: 42)
        for _ in 0..<1_000 {
            let data = Self.value(&random)
            for type in EventType.allCases { check(type, data) }
        }
    }

    /// Text in the place of anything, also as the name of a field: the message may not repeat it.
    @Test(arguments: try EventExample.all())
    func messagesNeverQuote(_ example: EventExample) throws {
        for pointer in example.full.pointers {
            check(example.type, example.full.setting(pointer, to: .string(Self.secret)))
            check(example.type, example.full.setting(pointer + "/" + Self.secret, to: 1))
            check(example.type, example.full.setting(pointer, to: .object([Self.secret: .string(Self.secret)])))
        }
    }

    private func check(_ type: EventType, _ data: JSON) {
        checkText(type, data.canonical)
        do throws(ValidationError) {
            let body = try EventBody(type: type, data: data)
            let again = try EventBody(type: type, data: body.data)
            #expect(again == body && !body.summary.contains("\n"))
        } catch {
            #expect(!error.problems.isEmpty && error.problems.count <= ValidationError.maximumProblems)
            for problem in error.problems {
                #expect(!problem.message.contains(Self.secret) && !problem.pointer.contains(Self.secret), "\(type)")
                #expect(!problem.message.isEmpty)
            }
        }
    }

    /// Text is read in a way of its own, which must come to the same.
    private func checkText(_ type: EventType, _ text: String) {
        let (name, version) = (type.rawValue, type.currentVersion)
        let read = Result { try EventContent(type: name, version: version, text: text) }
        do {
            let content = try EventContent(type: name, version: version, payload: try JSON.parse(text))
            #expect((try? read.get()) == content)
        } catch {
            let expected = error as? ValidationError
            #expect(expected != nil && (read.error as? ValidationError) == expected)
        }
    }

    private static func value(_ random: inout SplitMix, depth: Int = 0) -> JSON {
        switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2, 3: .number(JSONNumber(thousandths: numbers.randomElement(using: &random) ?? 0))
        case 4, 5: .string(texts.randomElement(using: &random) ?? "")
        case 6: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in
                        (keys.randomElement(using: &random) ?? "", value(&random, depth: depth + 1))
                    }, uniquingKeysWith: { $1 }))
        }
    }

    private static let numbers: [Int64] = [
        0, 1, -1, 999, 1000, 1001, 5000, 24_500, 99_999, 100_000, 300_000, 400_000, .max, .min, .max - 1, 9_007_199_254_740_993_000,
    ]
    private static let texts = [
        "", " ", "a", secret, "candidate", "aldrete", "padss", "other", "nurse", "2026-11-22T15:30:00Z", "9999-12-31T23:59:59.999999-23:59",
        "0000-00-00", "1984-02-29", "0198f7a2-0000-7000-8000-000000000001", "dr.lin", "\u{0}", "\u{202E}", "🏥",
        String(repeating: "ab", count: 32),
        String(repeating: "x", count: 5_000),
    ]
    private static let keys = ["", "/", "~", "text", "items", "absent", "activity", "data", "heart_rate", "scale", "total", secret, "👩‍⚕️"]
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Result {
    fileprivate var error: Failure? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
