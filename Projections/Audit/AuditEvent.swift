import Canonical
import Clinic
import Foundation

/// An event as an audit shows it: its envelope, and what it says in one line.
public struct AuditEvent: Sendable, Hashable {
    /// As recorded.
    let event: ChartEvent
    /// What became of it; nil for a correction.
    let entry: History.Entry?
    /// Whether the finding rests on it; else it stands before or after one that it rests on.
    let isDeciding: Bool

    init(_ event: ChartEvent, in history: History, isDeciding: Bool = true) {
        self.event = event
        entry = history.entry(event.id)
        self.isDeciding = isDeciding
    }

    /// `heart rate 167; amended to: heart rate 67`.
    var summary: String {
        guard let entry else { return event.body.summary }
        if entry.isVoided { return event.body.summary + "; voided since" }
        return entry.isAmended ? event.body.summary + "; amended to: " + entry.body.summary : event.body.summary
    }

    var json: JSON {
        var members: [String: JSON] = [
            "event": .string(event.id.lowercase), "position": .number(JSONNumber(event.position)),
            "stream": .string(event.stream.description), "type": .string(event.body.type.rawValue), "actor": .string(event.actor),
            "occurred_at": .string(event.occurredAt.description), "recorded_at": .string(event.recordedAt.description),
            "summary": .string(summary), "deciding": .bool(isDeciding),
        ]
        members["charted_at"] = event.chartedAt.map { .string($0.description) }
        members["override"] = event.override.map { ["gate": .string($0.gate.rawValue), "reason": .string($0.reason)] }
        if !event.signatures.isEmpty { members["signatures"] = .array(event.signatures.map(FieldWriter.write)) }
        if entry?.isAmended == true { members["amended"] = true }
        if entry?.isVoided == true { members["voided"] = true }
        return .object(members)
    }

    /// The events that a finding rests on, and the neighbours of each in its stream; stream by stream, in the order of positions.
    static func context(of deciding: [DecidingEvent], in dossier: Dossier) -> [AuditEvent] {
        var shown: [AuditEvent] = []
        var order: [StreamID] = []
        for event in deciding where !order.contains(event.stream) { order.append(event.stream) }
        for stream in order {
            guard let history = dossier.history(of: stream) else { continue }
            let ids = Set(deciding.filter { $0.stream == stream }.map(\.event))
            let events = history.events
            var indices: Set<Int> = []
            for index in events.indices where ids.contains(events[index].id) {
                indices.formUnion([index - 1, index, index + 1].filter(events.indices.contains))
            }
            shown += indices.sorted().map { AuditEvent(events[$0], in: history, isDeciding: ids.contains(events[$0].id)) }
        }
        return shown
    }
}

extension Dossier {
    /// The history of one of the streams that it holds.
    func history(of stream: StreamID) -> History? {
        if stream == self.stream { return history }
        switch stream.kind {
        case .patient: return patient
        case .clinic: return clinicHistory
        case .session, .vial, .access: return sessions[stream]
        }
    }
}
