import Foundation
import Postgres
public import Tlog

/// The last (size, root) that was signed for each log, in files outside the database.
///
/// A database that was put back from an older backup knows nothing of what was signed since. This does: a sealer never signs a tree that is smaller
/// than the last one signed, or another one of the same size. Written before each signature, by compare and swap under a file lock.
public struct SealMemory: Sendable {
    public struct State: Sendable, Hashable {
        public let size: UInt64
        public let root: TreeHash

        public init(size: UInt64, root: TreeHash) {
            self.size = size
            self.root = root
        }
    }

    public let directory: String

    public init(directory: String) { self.directory = directory }

    private func path(_ log: LogName) -> String { "\(directory)/\(log.clinic).\(log.kind.rawValue)" }

    /// What was signed last; nil where nothing was.
    /// - Throws: `SealError.memory` where the file is there and can't be read.
    public func state(of log: LogName) throws(SealError) -> State? {
        let path = path(log)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw .memory(path, "it cannot be read")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty, let size = UInt64(lines[0]), let root = TreeHash(base64: lines[1]) else {
            throw .memory(path, "it does not hold a size and a root")
        }
        return State(size: size, root: root)
    }

    /// Puts `new` in the place of `old`, durably, or throws if something else stands there meanwhile.
    func advance(_ log: LogName, from old: State?, to new: State) throws(SealError) {
        let path = path(log)
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard let lock = try FileLock.attempt(path + ".lock", .exclusive) else {
                throw SealError.memory(path, "another sealer holds it")
            }
            let found = try state(of: log)
            if found == new { return }
            guard found == old else { throw SealError.memory(path, "another sealer signed meanwhile") }
            var file = try DurableFile(path: path)
            file.write("\(new.size)\n\(new.root.base64)\n")
            try file.commit()
            withExtendedLifetime(lock) {}
        } catch let error as SealError {
            throw error
        } catch {
            throw .memory(path, "it cannot be written")
        }
    }
}
