import Canonical
import Foundation

/// The files of an export: the exact bytes of a clinic's logs, so that anybody can recompute what the logs claim.
///
/// `entries.jsonl` (line n is entry n, the leaf's exact bytes) and `payloads.jsonl` (see `PayloadLine`) of the record, and the same of the log
/// of accesses in `access/`. Bounded memory: a record at a time.
public enum LogExport {
    static let entries = "entries.jsonl"
    static let payloads = "payloads.jsonl"
    static let accessFolder = "access"

    /// Writes both logs into a folder. What else belongs into an export may be put beside the files before the folder is committed.
    /// - Parameter progress: called now and then with the events written so far and the number to write.
    /// - Throws: `ExportError.notWritable` where a log is not intact in a way that no line can show; `ExportError.file`
    public static func write(
        _ logs: LogSources, upTo bounds: LogBounds, into folder: StagedFolder, progress: (@Sendable (Int64, Int64) -> Void)? = nil
    ) async throws {
        let total = bounds.record + bounds.access
        try await write(logs.record, upTo: bounds.record, into: folder.path) { progress?($0, total) }
        try await write(logs.access, upTo: bounds.access, into: folder.folder(accessFolder)) { progress?(bounds.record + $0, total) }
    }

    private static func write(
        _ source: any LogSource, upTo last: Int64, into folder: String, progress: @escaping @Sendable (Int64) -> Void
    ) async throws {
        let start = Writer(
            log: source.log, entries: try DurableFile(path: folder + "/" + entries),
            payloads: try DurableFile(path: folder + "/" + payloads))
        var writer = try await source.reduce(upTo: last, into: start) { writer, record in
            try writer.take(LogRecord(record))
            if writer.count.isMultiple(of: 10_000) { progress(writer.count) }
        }
        try writer.finish(last)
        progress(writer.count)
    }

    private struct Writer: Sendable {
        let log: LogName
        var entries: DurableFile
        var payloads: DurableFile
        var count: Int64 = 0

        mutating func take(_ record: LogRecord) throws(ExportError) {
            guard record.position == count + 1 else { throw failure(count + 1, "the event is missing") }
            count += 1
            let payload = PayloadLine.text(record)
            // Canonical JSON has no line break; one that was altered may.
            guard !record.entry.utf8.contains(UInt8(ascii: "\n")) else { throw failure(count, "the entry is not one line") }
            guard !payload.utf8.contains(UInt8(ascii: "\n")) else { throw failure(count, "the payload is not one line") }
            entries.write(record.entry)
            entries.write("\n")
            payloads.write(payload)
            payloads.write("\n")
        }

        mutating func finish(_ last: Int64) throws(ExportError) {
            guard count == last else { throw failure(count + 1, "the event is missing") }
            try entries.commit()
            try payloads.commit()
        }

        private func failure(_ position: Int64, _ reason: String) -> ExportError {
            .notWritable(log, position: position, reason: reason)
        }
    }
}
