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
        get throws(ExportError) { try entries.lines(0..<min(1, entries.count)).first.flatMap { LogEntry($0)?.log.clinic } }
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
        upTo: Int64, into initial: State, _ take: @Sendable (inout State, LogRecord) throws -> Void
    ) async throws -> State {
        var state = initial
        let last = Int(min(upTo, size))
        for start in stride(from: 0, to: last, by: Self.page) {
            try Task.checkCancellation()
            let range = start..<min(start + Self.page, last)
            let payloads = try payloads.lines(range.clamped(to: 0..<payloads.count))
            for (offset, entry) in try entries.lines(range).enumerated() {
                let line = offset < payloads.count ? payloads[offset] : nil
                try take(&state, PayloadLine.record(position: Int64(start + offset + 1), entry: entry, line: line))
            }
        }
        return state
    }

    func records(at positions: [Int64]) async throws -> [LogRecord] {
        try positions.sorted().filter { $0 >= 1 && $0 <= size }.map { position in
            let index = Int(position - 1)
            let line = index < payloads.count ? try payloads.lines(index..<index + 1)[0] : nil
            return PayloadLine.record(position: position, entry: try entries.lines(index..<index + 1)[0], line: line)
        }
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
