import Foundation

/// A file that appears whole or not at all: written under another name beside its own, flushed to the disk, then renamed.
///
/// Only its owner may read it: what is written here is clinical. A write that fails is remembered and thrown by `commit`, so that it can serve
/// as a stream of text.
public struct DurableFile: TextOutputStream, Sendable {
    public let path: String
    private let temporary: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: ExportError?

    private static let bufferBytes = 1 << 18

    /// - Throws: `ExportError.file`; also where something other than a file stands at the path.
    public init(path: String) throws(ExportError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .file(path: path, reason: "it is there and is no file")
        }
        self.path = path
        let url = URL(filePath: path)
        let name = ".\(url.lastPathComponent).partial-\(UInt32.random(in: .min ... .max))"
        temporary = url.deletingLastPathComponent().appending(path: name).path
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, reason: FileFailure.words(errno)) }
    }

    public mutating func write(_ string: String) { write(bytes: string.utf8) }

    mutating func write(bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= DurableFile.bufferBytes { flush() }
    }

    private mutating func flush() {
        guard failure == nil else { return buffer.removeAll(keepingCapacity: true) }
        var start = 0
        while start < buffer.count {
            let written = buffer.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start) }
            if written < 0 {
                if errno == EINTR { continue }
                failure = .file(path: path, reason: FileFailure.words(errno))
                break
            }
            start += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Flushes it to the disk and gives it its name. To be called once.
    public mutating func commit() throws(ExportError) {
        flush()
        if failure == nil, fsync(descriptor) != 0 { failure = .file(path: path, reason: FileFailure.words(errno)) }
        close(descriptor)
        descriptor = -1
        if failure == nil, rename(temporary, path) != 0 { failure = .file(path: path, reason: FileFailure.words(errno)) }
        if let failure {
            unlink(temporary)
            throw failure
        }
        try FileFailure.sync(directory: URL(filePath: path).deletingLastPathComponent().path)
    }

    /// Leaves nothing behind. To be called where `commit` is not.
    public mutating func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }
}

/// What the system says of files.
enum FileFailure {
    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// A name is durable once its folder is.
    static func sync(directory: String) throws(ExportError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: directory, reason: words(errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(path: directory, reason: words(errno)) }
    }
}
