/// One log: a clinic's clinical record, or who accessed it. The unit of order, proof and isolation.
public struct LogName: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case record
        case access
    }

    /// 1–63 of `a-z 0-9 -`, starting with a letter or digit.
    public let clinic: String
    public let kind: Kind

    /// Nil where `clinic` is no clinic's name.
    public init?(clinic: String, kind: Kind = .record) {
        let bytes = clinic.utf8
        let plain = bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard plain, (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-") else { return nil }
        self.clinic = clinic
        self.kind = kind
    }

    /// The same clinic's log of this kind.
    public func with(_ kind: Kind) -> LogName { LogName(clinic, kind) }

    private init(_ clinic: String, _ kind: Kind) {
        self.clinic = clinic
        self.kind = kind
    }

    /// `<clinic>/<record|access>`, as in a checkpoint's origin.
    public var description: String { "\(clinic)/\(kind.rawValue)" }

    init?(description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[1])) else { return nil }
        self.init(clinic: String(parts[0]), kind: kind)
    }
}
