import Foundation
import Tlog

/// The checked lines of a stretch of an export, in their order.
struct ExportPage: Sendable {
    /// Lines that are checked at once: whole tiles of the lowest level.
    static let length = 16 * Int(Tile.width)

    let number: Int
    private(set) var stretch: ReplayedStretch
    /// What is wrong with the bundles of entries and the lowest tiles.
    private(set) var findings: [Verification.Finding] = []

    /// - Parameters:
    ///   - entries, payloads: page `number` of both files.
    ///   - sealed: how many events the export's checkpoint signs; 0 where there is none.
    ///   - folder: where its tiles are.
    init(_ number: Int, _ entries: LinePage, _ payloads: LinePage, of log: LogName, sealed: UInt64, in folder: String) {
        self.number = number
        let first = Int64(number * Self.length)
        var stretch = ReplayedStretch(of: log, count: entries.count)
        PayloadLine.withRecords(first: first + 1, entries: entries, payloads: payloads) { stretch.take($0) }
        self.stretch = stretch
        entries.withLines { entry in
            let width = Int(Tile.width)
            for start in stride(from: 0, to: entries.count, by: width) where UInt64(first) + UInt64(start) < sealed {
                let count = Int(min(Tile.width, sealed - UInt64(first) - UInt64(start)))
                // Where lines are missing, there is nothing to hold the files against.
                guard start + count <= entries.count else { continue }
                let tile = (UInt64(first) + UInt64(start)) / Tile.width
                let position = first + Int64(start) + 1
                let bundle = TilePath.entries(number: tile, count: count)
                let wrongBundle = StoredFile.finding(bundle, in: folder, position) { bytes in
                    Self.isBundle(bytes, count) { entry(start + $0) }
                }
                let leaves = stretch.events[start..<start + count]
                let wrongTile = StoredFile.finding(Tile(level: 0, number: tile, count: count).path, in: folder, position) { bytes in
                    bytes.count == count * TreeHash.byteCount
                        && zip(leaves, stride(from: 0, to: bytes.count, by: TreeHash.byteCount)).allSatisfy { event, start in
                            event.leaf.equals(bytes[part: start..<start + TreeHash.byteCount])
                        }
                }
                findings += [wrongBundle, wrongTile].compactMap(\.self)
            }
        }
    }

    /// Whether the bytes are these entries, each with its length before it.
    private static func isBundle(_ bytes: UnsafeRawBufferPointer, _ count: Int, _ entry: (Int) -> UnsafeRawBufferPointer) -> Bool {
        var at = 0
        for index in 0..<count {
            let entry = entry(index)
            guard bytes.count - at >= 2 + entry.count, Int(bytes[at]) << 8 | Int(bytes[at + 1]) == entry.count,
                bytes[part: at + 2..<at + 2 + entry.count].equals(entry)
            else { return false }
            at += 2 + entry.count
        }
        return at == bytes.count
    }
}

/// A small file of an export, held against what it should be.
enum StoredFile {
    static func finding(
        _ path: String, in folder: String, _ position: Int64, _ isRight: (UnsafeRawBufferPointer) -> Bool
    ) -> Verification.Finding? {
        guard let stored = FileManager.default.contents(atPath: folder + "/" + path) else {
            return Verification.Finding(position: position, what: "\(path) is missing")
        }
        guard !stored.withUnsafeBytes(isRight) else { return nil }
        return Verification.Finding(position: position, what: "\(path) does not hold what the entries make")
    }
}
