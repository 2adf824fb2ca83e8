import Foundation

/// A folder that appears whole or not at all: filled beside its place as `NAME.partial-…`, then renamed.
///
/// A process that is killed leaves the partial folder, under a name that nobody takes for an export.
public struct StagedFolder: Sendable {
    /// Where it will stand.
    public let destination: String
    /// Where it is filled.
    public let path: String

    /// - Parameter destination: nothing may be there, or an empty folder.
    /// - Throws: `ExportError.file`
    public init(for destination: String) throws(ExportError) {
        let url = URL(filePath: destination).standardizedFileURL
        self.destination = url.path
        let parent = url.deletingLastPathComponent().path
        if let contents = try? FileManager.default.contentsOfDirectory(atPath: url.path) {
            guard contents.isEmpty else { throw .file(path: destination, reason: "the folder is not empty; name a new one") }
        } else if FileManager.default.fileExists(atPath: url.path) {
            throw .file(path: destination, reason: "it is there and is no folder")
        }
        path = parent + "/" + url.lastPathComponent + ".partial-\(UInt32.random(in: .min ... .max))"
        try Self.make(path)
    }

    /// Makes a folder within it, and gives its path.
    public func folder(_ name: String) throws(ExportError) -> String {
        try Self.make(path + "/" + name)
        return path + "/" + name
    }

    /// Gives it its name. The files in it must have been flushed.
    public func commit() throws(ExportError) {
        let folders = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        for folder in [path] + folders.map({ path + "/" + $0 }) {
            var status = stat()
            if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { try FileFailure.sync(directory: folder) }
        }
        // Onto an empty folder too; fails where something came into it meanwhile.
        guard rename(path, destination) == 0 else { throw .file(path: destination, reason: FileFailure.words(errno)) }
        try FileFailure.sync(directory: URL(filePath: destination).deletingLastPathComponent().path)
    }

    /// Leaves nothing behind. To be called where `commit` is not, or fails.
    public func discard() { try? FileManager.default.removeItem(atPath: path) }

    private static func make(_ path: String) throws(ExportError) {
        guard mkdir(path, 0o700) == 0 else { throw .file(path: path, reason: FileFailure.words(errno)) }
    }
}
