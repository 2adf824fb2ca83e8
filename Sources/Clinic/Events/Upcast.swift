public import Canonical

/// How data that was written in an older version of its type is read today.
///
/// A field that may be left out is no new version: what was written without it reads as before. A new version is needed where data written
/// before would be refused, or would mean something else. Then a step goes to the end of the type's list here, and the type's version rises by
/// itself. The data in the log stays as it was written.
public struct Upcast: Sendable {
    /// Rewrites data of one version as data of the next.
    public typealias Step = @Sendable (JSON) -> JSON

    /// For each type the steps from version 1 to 2, from 2 to 3, and so on; none for a type that is still as it was first written.
    let steps: [EventType: [Step]]

    /// Every step there is.
    static let standard = Upcast(steps: [:])

    /// Data of a version that this program does not know, most often one of a newer program.
    public struct UnknownVersion: Error, Sendable, Hashable, CustomStringConvertible {
        public let type: EventType
        public let version: Int
        public let current: Int

        public var description: String {
            let known = current == 1 ? "version 1" : "versions 1 to \(current)"
            return "it is \(type) in version \(version), and this program knows \(known): update Dripline"
        }
    }

    /// The data as the current version of its type has it.
    /// - Throws: ``UnknownVersion`` for a newer version than the type has, or one below 1.
    public static func current(_ type: EventType, version: Int, data: JSON) throws(UnknownVersion) -> JSON {
        try standard.current(type, version: version, data: data)
    }

    func current(_ type: EventType, version: Int, data: JSON) throws(UnknownVersion) -> JSON {
        let current = currentVersion(of: type)
        guard version != current else { return data }
        guard (1..<current).contains(version), let steps = steps[type] else {
            throw UnknownVersion(type: type, version: version, current: current)
        }
        return steps.dropFirst(version - 1).reduce(data) { data, step in step(data) }
    }

    func currentVersion(of type: EventType) -> Int { 1 + (steps[type]?.count ?? 0) }
}

extension EventType {
    /// The version in which data of this type is written now, from 1.
    public var currentVersion: Int { Upcast.standard.currentVersion(of: self) }
}

extension EventBody {
    /// Reads `data` that was written in a version of the type named `type`.
    /// - Throws: ``Upcast/UnknownVersion``; ``ValidationError`` with every problem found, an unknown type among them.
    public init(type: String, version: Int, data: JSON) throws {
        guard let known = EventType(rawValue: type) else {
            try self.init(type: type, data: data)
            return
        }
        try self.init(type: known, data: try Upcast.current(known, version: version, data: data))
    }
}
