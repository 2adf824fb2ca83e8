import Foundation
import Postgres
public import Tlog

/// What makes an export prove itself: `checkpoint`, `vkey` and `tile/…` beside the entries (C2SP tlog-tiles, so that static hosting or any client of
/// such logs can read it).
public enum SealedExport {
    static let checkpoint = "checkpoint"
    static let keys = "vkey"

    /// Writes them for both logs, each up to its last checkpoint within the bounds. A log of which nothing is signed within them gets none.
    /// - Parameter keys: gives the verifier keys of a log, the one in use first.
    /// - Returns: the checkpoints written.
    /// - Throws: `ExportError.file`, `LedgerError`, `TileError`.
    @discardableResult
    public static func write(
        _ ledger: Ledger, _ logs: LogSources, upTo bounds: LogBounds, into folder: StagedFolder,
        keys: @Sendable (LogName) -> [VerifierKey]
    ) async throws -> [Checkpoint] {
        var written: [Checkpoint] = []
        for (source, last, path) in [
            (logs.record, bounds.record, folder.path), (logs.access, bounds.access, folder.path + "/" + LogExport.accessFolder),
        ] {
            guard let signed = try await ledger.checkpoint(of: source.log, upTo: last) else { continue }
            try put(signed.note.description, at: path + "/" + checkpoint)
            try put(keys(source.log).map { $0.description + "\n" }.joined(), at: path + "/" + Self.keys)
            try await writeTiles(ledger, source.log, size: signed.checkpoint.size, into: path)
            try await writeBundles(source, size: signed.checkpoint.size, into: path)
            written.append(signed.checkpoint)
        }
        return written
    }

    /// Tiles fetched at once.
    private static let page = 128

    private static func writeTiles(_ ledger: Ledger, _ log: LogName, size: UInt64, into folder: String) async throws {
        let tiles = Tile.all(of: size)
        for start in stride(from: 0, to: tiles.count, by: page) {
            let part = Array(tiles[start..<min(start + page, tiles.count)])
            for (tile, hashes) in try await ledger.tiles(part, of: log) {
                try put(hashes.flatMap(\.bytes), at: folder + "/" + tile.path)
            }
        }
    }

    private struct Bundle: Sendable {
        var entries: [String] = []
        var number: UInt64 = 0
    }

    private static func writeBundles(_ source: any LogSource, size: UInt64, into folder: String) async throws {
        let rest = try await source.reduce(upTo: Int64(size), into: Bundle()) { bundle, record in
            bundle.entries.append(LogRecord(record).entry)
            guard bundle.entries.count == Int(Tile.width) else { return }
            try put(EntryBundle.encode(bundle.entries), at: folder + "/" + TilePath.entries(number: bundle.number, count: Int(Tile.width)))
            bundle = Bundle(number: bundle.number + 1)
        }
        guard !rest.entries.isEmpty else { return }
        try put(EntryBundle.encode(rest.entries), at: folder + "/" + TilePath.entries(number: rest.number, count: rest.entries.count))
    }

    private static func put(_ text: String, at path: String) throws(ExportError) { try put(Array(text.utf8), at: path) }

    private static func put(_ bytes: [UInt8], at path: String) throws(ExportError) {
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .file(path: path, reason: "its folder cannot be made")
        }
        var file = try DurableFile(path: path)
        file.write(bytes: bytes)
        try file.commit()
    }
}

extension Ledger {
    /// The last checkpoint that covers no more than the first `last` events; nil where there is none.
    func checkpoint(of log: LogName, upTo last: Int64) async throws -> SignedCheckpoint? {
        guard let number = try await number(of: log) else { return nil }
        return try await perform { try await Ledger.checkpoint(number, upTo: last, on: $0) }
    }

    func tiles(_ tiles: [Tile], of log: LogName) async throws -> [Tile: [TreeHash]] {
        guard let number = try await number(of: log) else { throw LedgerError.unknownLog(log) }
        return try await perform { try await KeptTiles.fetch(tiles, number, on: $0) }
    }
}
