/// A tile of a tree (C2SP tlog-tiles): up to 256 hashes of one level, side by side.
///
/// Hash i of tile n at level l is the hash of the whole subtree over the leaves `[(n·256 + i)·256^l, (n·256 + i + 1)·256^l)`.
public struct Tile: Sendable, Hashable {
    /// Hashes of a full tile.
    public static let width: UInt64 = 256
    static let height = 8
    /// Levels that a tree of 2^63 leaves can have.
    public static let maximumLevel = 7

    public let level: Int
    public let number: UInt64
    /// 1–256; 256 is full.
    public let count: Int

    public init(level: Int, number: UInt64, count: Int) {
        self.level = level
        self.number = number
        self.count = count
    }

    public var isFull: Bool { count == Int(Self.width) }

    /// `tile/0/x001/x234/067`, and `.p/5` behind it while it is partial.
    public var path: String { "tile/\(level)/\(Self.path(of: number))" + (isFull ? "" : ".p/\(count)") }

    /// N in groups of three digits, all but the last with an `x` before it.
    static func path(of number: UInt64) -> String {
        var groups = [padded(number % 1000)]
        var rest = number / 1000
        while rest > 0 {
            groups.append("x" + padded(rest % 1000))
            rest /= 1000
        }
        return groups.reversed().joined(separator: "/")
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Reads what stands behind `tile/`: `0/x001/067.p/5`, `entries/001`. Only the one spelling that `path` writes is taken.
    public init?(path: String) {
        guard let place = TilePath(path), let level = place.level else { return nil }
        self.init(level: level, number: place.number, count: place.count)
    }

    /// The tiles of a tree of `size` leaves that are not full or that a tree of `old` leaves did not have full.
    public static func growth(from old: UInt64, to size: UInt64) -> [Tile] {
        var tiles: [Tile] = []
        for level in 0...maximumLevel {
            let shift = UInt64(level * height)
            let (had, has) = (old >> shift, size >> shift)
            if has == 0 { break }
            guard had < has else { continue }
            for number in had / width...(has - 1) / width {
                tiles.append(Tile(level: level, number: number, count: Int(min(width, has - number * width))))
            }
        }
        return tiles
    }

    /// All tiles of a tree.
    public static func all(of size: UInt64) -> [Tile] { growth(from: 0, to: size) }
}

/// Where a tile or a bundle of entries stands, as its path says.
public struct TilePath: Sendable, Hashable {
    /// Nil for a bundle of entries.
    public let level: Int?
    public let number: UInt64
    public let count: Int

    public init?(_ path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        let first = parts.removeFirst()
        if first == "entries" {
            level = nil
        } else {
            guard let number = Int(first), String(number) == first, (0...Tile.maximumLevel).contains(number) else { return nil }
            level = number
        }
        var count = Int(Tile.width)
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            let text = parts.removeLast()
            guard let width = Int(text), String(width) == text, (1..<Int(Tile.width)).contains(width) else { return nil }
            count = width
            parts[parts.count - 1] = parts[parts.count - 1].dropLast(2)
        }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            var digits = part
            if index < parts.count - 1 {
                guard digits.first == "x" else { return nil }
                digits = digits.dropFirst()
            }
            guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let group = UInt64(digits) else {
                return nil
            }
            let (product, over) = value.multipliedReportingOverflow(by: 1000)
            guard !over, product <= UInt64.max - group else { return nil }
            value = product + group
        }
        guard Tile.path(of: value) == parts.joined(separator: "/") else { return nil }
        number = value
        self.count = count
    }

    /// `tile/entries/x001/067.p/5`.
    public static func entries(number: UInt64, count: Int) -> String {
        "tile/entries/\(Tile.path(of: number))" + (count == Int(Tile.width) ? "" : ".p/\(count)")
    }
}
