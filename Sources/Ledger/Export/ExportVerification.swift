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
        guard let clinic = try clinic(in: folder), let log = LogName(clinic: clinic, kind: kind) else { return nil }
        var options = options
        if options.keys.isEmpty { options.keys = try keys(in: folder) }
        let sealed = try checkpoint(in: folder)
        let pages = try ExportPages(folder)
        let gathering = try ExportGathering(log, folder: folder, sealed: sealed, options) { progress?($0, max($0, pages.expectedLines)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask {
                    while let (number, entries, payloads) = try await pages.next() {
                        while await gathering.isFar(number) { try await Task.sleep(for: .milliseconds(1)) }
                        await gathering.add(ExportPage(number, entries, payloads, of: log, sealed: sealed?.size ?? 0, in: folder))
                    }
                }
            }
            try await group.waitForAll()
        }
        let result = await gathering.finish()
        progress?(result.events, result.events)
        return result
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
}

extension ExportVerification {
    /// The clinic that an export's first entry names; nil where it holds none.
    private static func clinic(in folder: String) throws(ExportError) -> String? {
        var entries = try LinePages(folder + "/" + LogExport.entries)
        let page = try entries.next(1)
        guard page.count > 0 else { return nil }
        return page.withLines { line in LogEntry(String(decoding: line(0), as: UTF8.self))?.log.clinic }
    }
}
