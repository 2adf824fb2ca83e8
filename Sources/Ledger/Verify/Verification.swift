import Canonical
public import Tlog

/// What `verify` found.
public struct Verification: Sendable {
    /// A place where the log is not what it should be.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// The position; 0 where it concerns the log as a whole.
        public let position: Int64
        /// What is wrong, without clinical content.
        public let what: String

        public init(position: Int64, what: String) {
            self.position = position
            self.what = what
        }

        public var description: String { position == 0 ? what : "position \(position): \(what)" }
    }

    /// Findings that are kept; further ones are only counted.
    public static let maximumFindings = 100

    public let log: LogName
    /// Events that were read.
    public internal(set) var events: Int64 = 0
    /// Payloads that were erased, whose digest can therefore not be recomputed.
    public internal(set) var erased: Int64 = 0
    /// The Merkle tree of the recomputed leaves (RFC 6962).
    public internal(set) var root = TreeHash.empty
    /// Checkpoints whose root was recomputed, and the last of them.
    public internal(set) var checkpoints = 0
    public internal(set) var lastCheckpoint: Checkpoint?
    /// Who signed the last checkpoint, witnesses included; empty where no key was given.
    public internal(set) var signers: [String] = []
    public private(set) var findings: [Finding] = []
    public private(set) var findingCount = 0

    /// Of a log to which nothing was ever appended.
    public init(log: LogName) { self.log = log }

    public var isIntact: Bool { findingCount == 0 }
    /// The root in lower-case hex.
    public var rootHex: String { Hex.encode(root.bytes) }

    mutating func found(_ position: Int64, _ what: String) {
        findingCount += 1
        if findings.count < Verification.maximumFindings { findings.append(Finding(position: position, what: what)) }
    }
}
