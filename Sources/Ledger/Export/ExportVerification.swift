import Canonical
import Foundation
import Tlog

/// Checks an export with no database: entries, payloads, tiles, root, checkpoint, signature.
public enum ExportVerification {
    /// - Parameters:
    ///   - folder: of one log: `DIR` for the record, `DIR/access` for the log of accesses.
    ///   - options: its keys; where there are none, the export's own `vkey` is taken, which proves less.
    /// - Returns: nil where the folder holds no event.
    /// - Throws: `ExportError.file` where the folder is no export.
    public static func verify(
        _ folder: String, kind: LogName.Kind, _ options: VerifyOptions, progress: (@Sendable (Int64, Int64) -> Void)? = nil
    ) async throws -> Verification? {
        guard let clinic = try ExportedLogSource.clinic(in: folder), let log = LogName(clinic: clinic, kind: kind) else { return nil }
        let source = try ExportedLogSource(log, folder: folder)
        var options = options
        if options.keys.isEmpty { options.keys = try keys(in: folder) }
        let start = Work(
            result: Verification(log: log), replay: Replay(log: log), folder: folder, sealed: try checkpoint(in: folder), options: options)
        var work = try await source.reduce(upTo: source.size, into: try start.begun()) { work, record in
            work.take(record)
            if work.result.events.isMultiple(of: 10_000) { progress?(work.result.events, source.size) }
        }
        work.finish(source.size)
        progress?(work.result.events, source.size)
        return work.result
    }

    private static func checkpoint(in folder: String) throws(ExportError) -> CheckpointAudit.Stored? {
        let path = folder + "/" + SealedExport.checkpoint
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw .file(path: path, reason: "it cannot be read")
        }
        // Its size and root are what its text says; the signature is checked with the rest.
        guard let note = try? Note(text), let checkpoint = try? Checkpoint(text: note.text) else {
            return CheckpointAudit.Stored(size: 0, root: [], note: text, cosignatures: [])
        }
        return CheckpointAudit.Stored(size: checkpoint.size, root: checkpoint.root.bytes, note: text, cosignatures: [])
    }

    private static func keys(in folder: String) throws(ExportError) -> [VerifierKey] {
        let path = folder + "/" + SealedExport.keys
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else { return [] }
        do {
            return try text.split(separator: "\n").map { line throws(NoteError) in try VerifierKey(String(line)) }
        } catch {
            throw .file(path: path, reason: "\(error)")
        }
    }

    private struct Work: Sendable {
        var result: Verification
        var replay: Replay
        let folder: String
        let sealed: CheckpointAudit.Stored?
        let options: VerifyOptions
        var audit: CheckpointAudit?
        var builder: TileBuilder?
        var bundle: [String] = []

        func begun() throws -> Work {
            var work = self
            work.audit = try CheckpointAudit(sealed.map { [$0] } ?? [], options, &work.result)
            work.builder = try TileBuilder()
            return work
        }

        mutating func take(_ record: LogRecord) {
            result.events += 1
            _ = replay.take(record)
            let leaf = TreeHash.leaf(Array(record.entry.utf8))
            audit?.append(leaf, &result)
            guard let sealed, UInt64(result.events) <= sealed.size else { return }
            builder?.append(leaf)
            bundle.append(record.entry)
            let isLast = UInt64(result.events) == sealed.size
            if bundle.count == Int(Tile.width) || isLast { checkBundle() }
            if isLast || result.events.isMultiple(of: 4096) { checkTiles() }
        }

        private mutating func checkTiles() {
            for content in builder?.take() ?? [] where content.tile.isFull || UInt64(result.events) == sealed?.size {
                hold(content.hashes.flatMap(\.bytes), against: content.tile.path, position: Self.first(of: content.tile))
            }
        }

        private static func first(of tile: Tile) -> Int64 { Int64(tile.number << UInt64(8 * (tile.level + 1))) + 1 }

        private mutating func checkBundle() {
            let number = UInt64(result.events - 1) / Tile.width
            hold(
                EntryBundle.encode(bundle), against: TilePath.entries(number: number, count: bundle.count),
                position: Int64(number * Tile.width) + 1)
            bundle = []
        }

        private mutating func hold(_ bytes: [UInt8], against path: String, position: Int64) {
            guard let stored = FileManager.default.contents(atPath: folder + "/" + path) else {
                return result.found(position, "\(path) is missing")
            }
            if !stored.elementsEqual(bytes) { result.found(position, "\(path) does not hold what the entries make") }
        }

        mutating func finish(_ last: Int64) {
            replay.finish(last)
            audit?.finish(&result)
            for fault in replay.faults + replay.unexplainedErasures { result.found(fault.position, fault.what) }
            result.erased = Int64(replay.erased.count)
            if sealed == nil { result.found(0, "there is no checkpoint: nothing of it is signed") }
        }
    }
}

extension ExportedLogSource {
    /// The clinic that an export's first entry names; nil where it holds none.
    static func clinic(in folder: String) throws(ExportError) -> String? {
        guard let placeholder = LogName(clinic: "export") else { return nil }
        return try ExportedLogSource(placeholder, folder: folder).clinic
    }
}
