/// Entries side by side as `tile/entries/…` holds them: each with its length before it, two bytes, big-endian.
public enum EntryBundle {
    public static let longestEntry = 65_535

    public static func encode(_ entries: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            let count = entry.utf8.count
            precondition(count <= longestEntry, "an entry is longer than a bundle can hold")
            bytes.append(UInt8(count >> 8))
            bytes.append(UInt8(count & 0xFF))
            bytes += entry.utf8
        }
        return bytes
    }

    /// Nil where the bytes end within an entry.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 2 else { return nil }
            let count = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= count else { return nil }
            entries.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return entries
    }
}
