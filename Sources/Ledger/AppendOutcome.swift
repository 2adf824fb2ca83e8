public import Canonical
public import Foundation

/// What became of one command of a batch.
public enum AppendOutcome: Sendable, Hashable {
    /// Durable now; one receipt an event, in the command's order.
    case appended([Receipt])
    /// The same command was taken before; its first receipts.
    case repeated([Receipt])
    /// A condition did not hold; nothing of the command was written.
    case conflict(stream: String, expected: Int64, actual: Int64)
    /// The command's id was used before with other content; nothing was written.
    case reused

    /// The receipts, where the command's events are in the log.
    public var receipts: [Receipt]? {
        switch self {
        case .appended(let receipts), .repeated(let receipts): receipts
        case .conflict, .reused: nil
        }
    }
}

/// Where an event stands in the log.
public struct Receipt: Sendable, Hashable {
    public let event: UUID
    public let position: Int64
    public let version: Int64
    public let recordedAt: Timestamp
    /// SHA-256(0x00 ‖ entry), 32 bytes.
    public let leaf: [UInt8]
}
