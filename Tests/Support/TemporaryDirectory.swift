import Foundation

/// Temporary directories that the embedded server can reach also when the tests run as root.
public enum TemporaryDirectory {
    public struct Failed: Error {}

    /// An empty directory of its own under `/tmp`, which every user may pass through.
    public static func make(_ name: String = "dripline-test") throws -> String {
        var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed() }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard chmod(path, 0o711) == 0 else { throw Failed() }
        return path
    }

    /// A directory for the length of `body`.
    public static func with<T>(
        _ name: String = "dripline-test", isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> T
    ) async throws -> T {
        let path = try make(name)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
