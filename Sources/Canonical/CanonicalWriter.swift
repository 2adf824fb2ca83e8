public import Foundation

/// Writes canonical JSON straight into bytes, for documents whose members are written in canonical order: no tree of values, no sorting.
///
/// What is written is what `JSON.canonical` gives of the same value; the order of the keys is the writer's to keep.
public struct CanonicalWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    /// Whether the next member or element needs a comma before it.
    private var follows = false

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The one value that was written, as a tree.
    public var value: JSON {
        do {
            return try JSON.parse(bytes)
        } catch {
            preconditionFailure("what was written is \(error)")
        }
    }

    // MARK: Structure

    /// `{…}` with what `members` writes.
    public mutating func object(_ members: (inout CanonicalWriter) -> Void) { group("{", members, "}") }

    /// `[…]`, one element for each of a list.
    public mutating func array<List: Collection>(of list: List, _ element: (inout CanonicalWriter, List.Element) -> Void) {
        group("[", { writer in for item in list { element(&writer, item) } }, "]")
    }

    private mutating func group(_ open: Unicode.Scalar, _ body: (inout CanonicalWriter) -> Void, _ close: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: open))
        follows = false
        body(&self)
        bytes.append(UInt8(ascii: close))
        follows = true
    }

    /// A key of plain ASCII without quotes, backslashes and controls; its value must follow.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        follows = false
    }

    private mutating func separate() {
        if follows { bytes.append(UInt8(ascii: ",")) }
        follows = true
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: Values

    /// Decimals of up to 15 digits are canonical as they are; beyond, the canonical form is that of the nearest double.
    private static let plainLimit: UInt64 = 1_000_000_000_000_000

    public mutating func string(_ text: String) {
        separate()
        JSON.write(string: text, to: &bytes)
    }

    public mutating func number(_ value: Int64) {
        guard value.magnitude < CanonicalWriter.plainLimit else { return json(.number(JSONNumber(value))) }
        separate()
        Decimal.append(value, to: &bytes)
    }

    /// The decimal `thousandths / 1000`, as `JSONNumber` writes it.
    public mutating func number(thousandths value: Int64) {
        guard value.magnitude < CanonicalWriter.plainLimit else { return json(.number(JSONNumber(thousandths: value))) }
        separate()
        Decimal.append(thousandths: value, to: &bytes)
    }

    public mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" : "false")
    }

    public mutating func uuid(_ id: UUID) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        id.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func time(_ time: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        time.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A value that is written already.
    public mutating func canonical(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    public mutating func json(_ value: JSON) {
        separate()
        value.write(to: &bytes)
    }
}
