import Foundation

/// Files take what a process writes: unlike pipes they never fill.
final class CommandFiles: Sendable {
    let input: Int32
    let output: Int32
    let errors: Int32

    init(input text: String) throws {
        (input, output, errors) = (try Self.unnamed(), try Self.unnamed(), try Self.unnamed())
        let bytes = Array(text.utf8)
        guard pwrite(input, bytes, bytes.count, 0) == bytes.count else {
            throw DriplineCommand.Failed(description: "the input can't be written")
        }
    }

    deinit {
        for descriptor in [input, output, errors] { close(descriptor) }
    }

    var outputText: String { Self.text(output) }
    var errorText: String { Self.text(errors) }

    private static func unnamed() throws -> Int32 {
        var template = Array("/tmp/dripline-output-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw DriplineCommand.Failed(description: "no temporary file can be made")
        }
        unlink(template)
        return descriptor
    }

    /// Read by position, since the offset is shared with the child.
    private static func text(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk.prefix(count))
        }
    }
}
