import Foundation
import Tlog

/// One event after its own bytes were checked: what the checks along the log still need of it.
struct CheckedEvent: Sendable {
    /// How an event's command is registered.
    struct Registration: Sendable, Hashable {
        let first: Int64
        let events: Int32
    }

    let position: Int64
    let version: Int64
    let recordedAt: Int64
    let event: UUID
    let command: UUID
    /// Recomputed from the entry.
    let leaf: TreeHash
    /// Its number among the streams of its range.
    let stream: Int32
    let faults: EventFaults
    /// Only where the register was read together with the events.
    let registration: Registration?
}

/// The checked events of a stretch of positions, in their order.
struct CheckedRange: Sendable {
    private(set) var events: [CheckedEvent] = []
    var streams = StreamNames()

    mutating func append(_ event: CheckedEvent) {
        if events.isEmpty { events.reserveCapacity(VerifyPlan.rangeLength) }
        events.append(event)
    }
}
