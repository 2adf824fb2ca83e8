public import Foundation

extension UUID {
    /// Reads the 8-4-4-4-12 form in either case; nil for anything else (braces, URNs).
    public init?(canonical text: String) {
        guard text.utf8.count == 36 else { return nil }
        // Foundation's reader lets spaces and signs stand for digits.
        var text = text
        let halves = text.withUTF8 { bytes -> (UInt64, UInt64)? in
            var (high, low): (UInt64, UInt64) = (0, 0)
            for (index, byte) in bytes.enumerated() {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    guard byte == UInt8(ascii: "-") else { return nil }
                } else {
                    guard let digit = Hex.digit(byte) else { return nil }
                    high = high << 4 | low >> 60
                    low = low << 4 | UInt64(digit)
                }
            }
            return (high, low)
        }
        guard let (high, low) = halves else { return nil }
        self.init(high: high, low: low)
    }

    private init(high: UInt64, low: UInt64) {
        var bytes = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { buffer in
            buffer.storeBytes(of: high.bigEndian, as: UInt64.self)
            buffer.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        self.init(uuid: bytes)
    }

    /// The form of RFC 9562: lower case.
    public var lowercase: String {
        String(unsafeUninitializedCapacity: 36) { spell(into: $0) }
    }

    /// Appends what `lowercase` says.
    func append(to out: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            _ = spell(into: text)
            out.append(contentsOf: text)
        }
    }

    /// - Returns: how many bytes it takes, 36.
    private func spell(into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        withUnsafeBytes(of: uuid) { bytes in
            var at = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[at] = UInt8(ascii: "-")
                    at += 1
                }
                text[at] = Hex.letter(bytes[index] >> 4)
                text[at + 1] = Hex.letter(bytes[index] & 15)
                at += 2
            }
            return at
        }
    }

    /// A version 7 UUID (RFC 9562 §5.7): 48 bits of milliseconds, then random bits. Sorts by time.
    public static func v7(at time: Timestamp) -> UUID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(bitPattern: time.microseconds / 1000) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | (random.next() & 0x0FFF)
        let low = 0x8000_0000_0000_0000 | (random.next() & 0x3FFF_FFFF_FFFF_FFFF)
        return UUID(high: high, low: low)
    }
}
