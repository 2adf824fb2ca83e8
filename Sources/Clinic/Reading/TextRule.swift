public import Canonical

/// The named bounds of free text. Lengths are in characters (Unicode scalars).
public struct TextBound: Sendable, Hashable {
    public let maximum: Int
    /// Whether newlines and tabs may occur. No other control character ever may.
    public let allowsLines: Bool

    /// A number, version, code or lot that a person reads out: 64.
    public static let identifier = TextBound(maximum: 64, allowsLines: false)
    /// A name, or anything else on one line: 200.
    public static let line = TextBound(maximum: 200, allowsLines: false)
    /// A reason, a note, a rationale: 4,000, lines allowed.
    public static let note = TextBound(maximum: 4_000, allowsLines: true)
    /// A whole published form: 200,000, lines allowed.
    public static let document = TextBound(maximum: 200_000, allowsLines: true)
}

/// Text that is not blank, within its bound, and free of control characters.
public struct TextRule: FieldRule {
    let bound: TextBound

    public var placeholder: String { "" }
    public var expectation: String { "must be text of 1 to \(bound.maximum) characters" }

    /// Control characters, and what is visible beyond ASCII, are more than a pattern should say.
    public var schema: JSON {
        ["type": "string", "minLength": 1, "maxLength": .number(JSONNumber(bound.maximum)), "pattern": "\\S"]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> String {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return ""
        }
        var isVisible = false
        var isASCII = true
        var length = 0
        var previous: UInt8 = 0
        for byte in text.utf8 {
            length += 1
            if byte > 0x20 && byte < 0x7F {
                isVisible = true
            } else if byte >= 0x80 {
                isASCII = false
                // U+0080 to U+009F, the second block of control characters, is C2 80 to C2 9F.
                if previous == 0xC2 && byte < 0xA0 { return refuse(control: &findings) }
            } else if byte != 0x20 && !(bound.allowsLines && (byte == 0x0A || byte == 0x09)) {
                return refuse(control: &findings)
            }
            previous = byte
        }
        if !isVisible && (isASCII || !Self.isVisible(text)) { findings.fail("must not be blank") }
        if length > bound.maximum && (isASCII || text.unicodeScalars.count > bound.maximum) {
            findings.fail("must be at most \(bound.maximum) characters")
        }
        return text
    }

    private func refuse(control findings: inout Findings) -> String {
        findings.fail("must not contain control characters" + (bound.allowsLines ? " other than newline and tab" : ", and is one line"))
        return ""
    }

    private static func isVisible(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .format
        }
    }
}

extension FieldRule where Self == TextRule {
    public static func text(_ bound: TextBound) -> Self { TextRule(bound: bound) }
}
