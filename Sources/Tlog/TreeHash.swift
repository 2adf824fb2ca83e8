import Crypto
public import Foundation

/// A hash of a Merkle tree: 32 bytes of SHA-256, held in place.
public struct TreeHash: Sendable, Hashable {
    public static let byteCount = 32

    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter bytes: 32 of them; nil for any other number.
    public init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount else { return nil }
        words = bytes.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    init(_ digest: SHA256Digest) {
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    /// Reads standard base64 of 32 bytes.
    public init?(base64: some StringProtocol) {
        guard let data = Base64.decode(base64) else { return nil }
        self.init(data)
    }

    public var bytes: [UInt8] { withBytes { Array($0) } }
    public var base64: String { Base64.encode(bytes) }

    /// Whether these are its 32 bytes.
    public func equals(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count == Self.byteCount && bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) == words
    }

    func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try withUnsafeBytes(of: words) { try body($0) }
    }

    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension [TreeHash] {
    /// All their bytes, side by side, as in a tile.
    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}

/// The hashes of RFC 6962 §2.1: leaves and nodes are told apart by their first byte.
extension TreeHash {
    private static let leafPrefix: [UInt8] = [0x00]

    /// SHA-256(0x00 ‖ entry).
    public static func leaf(_ entry: some ContiguousBytes) -> TreeHash { entry.withUnsafeBytes { leaf($0) } }

    public static func leaf(_ entry: UnsafeRawBufferPointer) -> TreeHash {
        var hash = SHA256()
        leafPrefix.withUnsafeBytes { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: entry)
        return TreeHash(hash.finalize())
    }

    /// SHA-256(0x01 ‖ left ‖ right).
    public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var hash = SHA256()
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 1) { buffer in
            buffer[0] = 0x01
            left.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
            right.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
        }
        return TreeHash(hash.finalize())
    }

    /// The root of the empty tree: SHA-256 of nothing.
    public static let empty = TreeHash(SHA256().finalize())
}
