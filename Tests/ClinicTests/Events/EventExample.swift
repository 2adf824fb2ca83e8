import Canonical
import Clinic
import Testing

/// One event type with its smallest and its fullest valid data, and what may be changed in the fullest.
struct EventExample: Sendable, CustomTestStringConvertible {
    let type: EventType
    let minimal: JSON
    let full: JSON
    var variants: [Variant] = []

    /// Members of the minimal data that are not needed for themselves: any other measurement, or any other detail, would do.
    var replaceable: Set<String> {
        switch type {
        case .vitalsRecorded: ["pain_nrs"]
        case .patientDetailsChanged: ["mrn"]
        default: []
        }
    }

    var testDescription: String { type.rawValue }

    /// A change to the full data: at a pointer, a value as JSON text (`nil` takes the member away).
    struct Variant: Sendable {
        var changes: [(pointer: String, value: String?)]
        /// Where the one problem must be; `nil` where the change must be accepted.
        var problem: String?
    }

    init(_ type: EventType, minimal: String, full: String, _ variants: [Variant] = []) throws {
        self.type = type
        self.minimal = try JSON.parse(minimal)
        self.full = try JSON.parse(full)
        self.variants = variants
    }
}

extension EventExample.Variant {
    /// The value is refused, with exactly one problem: at the pointer itself unless `at` says where.
    static func refused(_ pointer: String, _ values: String?..., at: String? = nil) -> [Self] {
        values.map { Self(changes: [(pointer, $0)], problem: at ?? pointer) }
    }

    static func accepted(_ pointer: String, _ values: String?...) -> [Self] {
        values.map { Self(changes: [(pointer, $0)], problem: nil) }
    }

    /// Just outside is refused, at the bound or just inside is accepted.
    static func bounds(_ pointer: String, out: [String], in inside: [String]) -> [Self] {
        out.map { Self(changes: [(pointer, $0)], problem: pointer) } + inside.map { Self(changes: [(pointer, $0)], problem: nil) }
    }

    /// A text of at most `maximum` characters, and whether lines may occur in it.
    static func text(_ pointer: String, _ maximum: Int, lines: Bool = false) -> [Self] {
        let long = String(repeating: "é", count: maximum)
        let blank = [#""""#, #"" ""#, #""\u00a0\u200b""#]
        let control = [#""a\u0000b""#, #""a\u001bb""#, #""a\rb""#, #""a\u007fb""#, #""a\u0085b""#]
        let several = [#""a\nb""#, #""a\tb""#]
        return bounds(
            pointer, out: ["\"\(long)e\"", "7", "null"] + blank + control + (lines ? [] : several),
            in: ["\"\(long)\"", #"" a ""#, #""😀""#] + (lines ? several : []))
    }

    static func choice(_ pointer: String, _ allowed: [String]) -> [Self] {
        let wrong = [allowed[0].uppercased(), allowed[0] + " ", "", "nonesuch"].filter { !allowed.contains($0) }
        return bounds(pointer, out: wrong.map { "\"\($0)\"" } + ["1", "null"], in: allowed.map { "\"\($0)\"" })
    }

    static func flag(_ pointer: String) -> [Self] {
        bounds(pointer, out: ["0", "1", #""true""#, "null"], in: ["true", "false"])
    }

    static func uuid(_ pointer: String) -> [Self] {
        bounds(
            pointer,
            out: [
                #""""#, #""0198f7a2""#, #""{0198f7a2-0000-7000-8000-000000000001}""#, #""0198f7a2-0000-7000-8000-00000000000g""#, "1",
                "null",
            ], in: [#""0198F7A2-0000-7000-8000-00000000000A""#, #""ffffffff-ffff-ffff-ffff-ffffffffffff""#])
    }

    static func time(_ pointer: String) -> [Self] {
        bounds(
            pointer,
            out: [
                #""2026-11-22""#, #""2026-11-22T15:30:00""#, #""2026-02-30T15:30:00Z""#, #""2026-11-22T24:00:00Z""#,
                #""2026-11-22T15:30:00.1234567Z""#, "1795361400", "null",
            ], in: [#""2026-11-22T10:30:00-05:00""#, #""2026-11-22T15:30:00.123456Z""#])
    }

    static func date(_ pointer: String) -> [Self] {
        bounds(
            pointer, out: [#""1985-02-29""#, #""1984-2-29""#, #""29.2.1984""#, #""1984-02-29T00:00:00Z""#, "1984", "null"],
            in: [#""1984-02-29""#, #""2000-02-29""#])
    }

    static func handle(_ pointer: String) -> [Self] {
        bounds(
            pointer,
            out: [#""""#, #""dr lin""#, #"".lin""#, #""dr/lin""#, #""lïn""#, "\"\(String(repeating: "a", count: 65))\"", "1", "null"],
            in: [#""dr.lin""#, #""9_a-B.c""#, "\"\(String(repeating: "a", count: 64))\""])
    }
}
