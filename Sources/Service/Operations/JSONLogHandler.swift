import Canonical
import Foundation
public import Logging

/// Writes the log as JSON, one object a line: `time`, `level`, `message`, `source`, and what goes with it under its own names.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level = .info
    private let write: @Sendable ([UInt8]) -> Void

    /// Bytes of one value: an error that repeats what it was given must not fill the disk.
    static let maximumValue = 2048
    /// Names that the line has already; metadata of these names gets an underscore before them.
    private static let reserved: Set = ["time", "level", "message", "source"]

    /// - Parameter write: gets each line, with its newline, to be written in one piece.
    public init(write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// To standard error: lines up to the size of a pipe's buffer don't come apart, whoever else writes.
    public static func standardError() -> JSONLogHandler {
        JSONLogHandler { line in
            var rest = line[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
                if written < 0, errno != EINTR { return }
                rest = rest.dropFirst(max(0, written))
            }
        }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var members: [String: JSON] = [:]
        var all = metadata
        if let more = event.metadata { all.merge(more) { $1 } }
        if let error = event.error { all["error"] = all["error"] ?? "\(String(reflecting: type(of: error)))" }
        for (name, value) in all { members[Self.reserved.contains(name) ? "_" + name : name] = Self.json(value) }
        members["time"] = .string(Timestamp.now().description)
        members["level"] = .string(event.level.rawValue)
        members["message"] = .string(Self.cut(event.message.description))
        members["source"] = .string(event.source)
        write(JSON.object(members).canonicalBytes + [UInt8(ascii: "\n")])
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(cut(text))
        case .stringConvertible(let value): .string(cut(value.description))
        case .array(let values): .array(values.prefix(64).map(json))
        case .dictionary(let values): .object(values.mapValues(json))
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maximumValue else { return text }
        return String(decoding: text.utf8.prefix(maximumValue), as: UTF8.self) + "…"
    }
}
