import Foundation
import Tlog

/// A log in the files of an export. It holds the offsets of lines, 16 bytes an event.
struct ExportedLogSource: LogSource {
    let log: LogName
    private let entries: LineFile
    private let payloads: LineFile
    private let folder: String

    init(_ log: LogName, folder: String) throws(ExportError) {
        self.log = log
        self.folder = folder
        entries = try LineFile(folder + "/" + LogExport.entries)
        payloads = try LineFile(folder + "/" + LogExport.payloads)
    }

    var size: Int64 { Int64(entries.count) }

    /// The clinic that its first entry names; nil where there is none to read.
    var clinic: String? {
        get throws(ExportError) {
            guard entries.count > 0 else { return nil }
            return try entries.lines(0..<1).withLines { LogEntry(String(decoding: $0(0), as: UTF8.self))?.log.clinic }
        }
    }

    /// An export has one: that of its end.
    func checkpoint(upTo last: Int64) async throws -> SignedCheckpoint? {
        guard let data = FileManager.default.contents(atPath: folder + "/" + SealedExport.checkpoint),
            let note = try? Note(String(decoding: data, as: UTF8.self)), let checkpoint = try? Checkpoint(text: note.text),
            checkpoint.size <= UInt64(max(0, last))
        else { return nil }
        return SignedCheckpoint(checkpoint: checkpoint, note: note)
    }

    /// Lines read at a time.
    private static let page = 1000

    func reduce<State: Sendable>(
        after: Int64?, upTo: Int64, into initial: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State {
        var state = initial
        let last = Int(min(upTo, size))
        for start in stride(from: Int(max(0, after ?? 0)), to: last, by: Self.page) {
            try Task.checkCancellation()
            try lend(start..<min(start + Self.page, last)) { try take(&state, $0) }
        }
        return state
    }

    func reduce<State: Sendable>(
        at positions: [Int64], into initial: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State {
        var state = initial
        for position in positions.sorted() where position >= 1 && position <= size {
            try lend(Int(position - 1)..<Int(position)) { try take(&state, $0) }
        }
        return state
    }

    private func lend(_ lines: Range<Int>, _ body: (RecordBytes) throws -> Void) throws {
        let payloads = try payloads.lines(lines.clamped(to: 0..<payloads.count))
        try PayloadLine.withRecords(first: Int64(lines.lowerBound) + 1, entries: try entries.lines(lines), payloads: payloads, body)
    }
}

extension LogSources {
    /// The logs of an export.
    /// - Parameter clinic: whose export it must be.
    /// - Throws: `ExportError.file` where it is not there, or another clinic's.
    public init(export folder: String, clinic: String) throws(ExportError) {
        guard let record = LogName(clinic: clinic), let access = LogName(clinic: clinic, kind: .access) else {
            throw .file(path: folder, reason: "it cannot be an export of \(clinic), which is no clinic's name")
        }
        let sources = (
            record: try ExportedLogSource(record, folder: folder),
            access: try ExportedLogSource(access, folder: folder + "/" + LogExport.accessFolder)
        )
        for source in [sources.record, sources.access] {
            guard let other = try source.clinic, other != clinic else { continue }
            throw .file(path: folder, reason: "it is an export of \(other), not of \(clinic)")
        }
        self.init(record: sources.record, access: sources.access)
    }
}
