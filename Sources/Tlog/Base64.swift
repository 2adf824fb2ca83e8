import Foundation

/// Standard base64 (RFC 4648 §4) with padding, and nothing else: no line breaks, no other alphabet, no bits left over.
public enum Base64 {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)) else { return nil }
        // Two texts must not stand for the same bytes.
        guard data.base64EncodedString() == text else { return nil }
        return Array(data)
    }
}
