import Foundation
import Tlog

/// The lines of an export's two files, page by page.
actor ExportPages {
    private var entries: LinePages
    private var payloads: LinePages
    private var number = 0
    /// About how many lines there are, for a progress bar: told from the size of the file and of the first lines.
    nonisolated let expectedLines: Int64

    init(_ folder: String) throws(ExportError) {
        let path = folder + "/" + LogExport.entries
        entries = try LinePages(path)
        payloads = try LinePages(folder + "/" + LogExport.payloads)
        expectedLines = try LinePages.expectedCount(path)
    }

    /// The next page of both, with its number; nil behind the last.
    func next() throws(ExportError) -> (number: Int, entries: LinePage, payloads: LinePage)? {
        let page = (number, try entries.next(ExportPage.length), try payloads.next(ExportPage.length))
        number += 1
        return page.1.count > 0 ? page : nil
    }
}

/// Puts checked pages, which come in any order, into the order of the log, and checks what runs along it.
actor ExportGathering {
    private var result: Verification
    private var replay: Replay
    private var audit: CheckpointAudit
    private let sealed: CheckpointAudit.Stored?
    private let folder: String
    private let progress: @Sendable (Int64) -> Void
    private var pages = InOrder<ExportPage>()

    init(
        _ log: LogName, folder: String, sealed: CheckpointAudit.Stored?, _ options: VerifyOptions,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws {
        var result = Verification(log: log)
        audit = try CheckpointAudit(sealed.map { [$0] } ?? [], options, &result)
        self.result = result
        replay = Replay(log: log)
        self.sealed = sealed
        self.folder = folder
        self.progress = progress
    }

    /// Whether a page lies so far ahead that it would have to wait long.
    func isFar(_ number: Int) -> Bool { pages.isFar(number) }

    func add(_ page: ExportPage) {
        pages.add(page, at: page.number)
        while let page = pages.take() { take(page) }
    }

    private func take(_ page: ExportPage) {
        for event in page.stretch.events {
            result.events += 1
            audit.append(event.leaf, &result)
            if result.events.isMultiple(of: Verifier.progressStep) { progress(result.events) }
        }
        replay.take(page.stretch)
        for finding in page.findings { result.found(finding.position, finding.what) }
    }

    func finish() -> Verification {
        replay.finish(Int64(result.events))
        audit.finish(&result)
        if let sealed, sealed.size <= UInt64(result.events) { checkUpperTiles(sealed.size) }
        for fault in replay.faults + replay.unexplainedErasures { result.found(fault.position, fault.what) }
        result.erased = Int64(replay.erased.count)
        if sealed == nil { result.found(0, "there is no checkpoint: nothing of it is signed") }
        return result
    }

    /// The tiles above the lowest level, of which there are few.
    private func checkUpperTiles(_ size: UInt64) {
        for tile in Tile.all(of: size) where tile.level > 0 {
            let first = Int64(tile.number << UInt64(8 * (tile.level + 1))) + 1
            if let finding = StoredFile.finding(tile.path, in: folder, first, { audit.isTile(tile, $0) }) {
                result.found(finding.position, finding.what)
            }
        }
    }
}
