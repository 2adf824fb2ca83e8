import Canonical
import Foundation
import HTTPTypes

/// The id of one request, in every line of the log that it causes, and in its answer.
struct RequestName: Sendable, Hashable, CustomStringConvertible {
    static let header = HTTPField.Name("X-Request-ID")!

    let description: String

    /// The client's or the proxy's, where it is well-formed: a UUID, or 16 to 64 hexadecimal digits. Nothing else, so that nobody's name gets into a log.
    init(given: String?) {
        if let given, Self.isWellFormed(given) {
            description = given
        } else {
            description = Self.random
        }
    }

    /// A UUID of version 4. Foundation's own opens a file for each.
    private static var random: String {
        var source = SystemRandomNumberGenerator()
        let high = (source.next() as UInt64) & ~0xF000 | 0x4000
        let low = (source.next() as UInt64) & ~(0b11 << 62) | 0b10 << 62
        return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.load(as: uuid_t.self)).lowercase }
    }

    static func isWellFormed(_ text: String) -> Bool {
        if text.utf8.count == 36 { return UUID(uuidString: text) != nil }
        return (16...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    }
}
