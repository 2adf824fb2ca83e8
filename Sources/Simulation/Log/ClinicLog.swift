import Canonical
import Foundation

/// The commands of one clinic, collected in any order and written in the order in which they were charted.
final class ClinicLog {
    let clinic: String
    private let namespace: UUID
    private var count = 0
    private var commands: [(charted: Timestamp, place: Int, events: [Draft])] = []

    init(clinic: String, namespace: UUID) {
        self.clinic = clinic
        self.namespace = namespace
    }

    /// An id that is the same for the same simulation: of a patient, session, plan or vial.
    func identifier(_ name: String) -> String { UUID.v5(namespace: namespace, name: name).lowercase }

    func draft(_ type: String, on stream: String, by actor: String, at: Timestamp, _ data: [String: JSON]) -> Draft {
        count += 1
        return Draft(type, on: stream, by: actor, at: at, data, command: UUID.v5(namespace: namespace, name: "command/\(count)"))
    }

    /// Charts what happened one after another: each soon after it happened and none before an earlier one, but for the late entries.
    func chart(_ events: [Draft], _ chance: inout Chance) {
        var previous = Timestamp(microseconds: .min)
        // Stable: what happened at one instant stays in the order in which it was put together.
        let ordered = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        var group: [Draft] = []
        func isTogether(_ draft: Draft) -> Bool {
            guard let first = group.first, let batch = first.batch else { return false }
            return draft.batch == batch && draft.stream == first.stream && draft.actor == first.actor && draft.chartedAt == nil
        }
        for draft in ordered {
            if !group.isEmpty, !isTogether(draft) {
                close(&group, &previous, &chance)
            }
            group.append(draft)
        }
        close(&group, &previous, &chance)
    }

    private func close(_ group: inout [Draft], _ previous: inout Timestamp, _ chance: inout Chance) {
        guard let last = group.last else { return }
        var charted = last.at.adding(seconds: Int64(last.data["source"] == "device" ? chance.between(3, 12) : chance.between(15, 80)))
        if let late = last.chartedAt {
            charted = late
        } else {
            charted = max(charted, previous)
            previous = charted
        }
        commands.append((charted, commands.count, group))
        group = []
    }

    /// Import lines, in the order of charting.
    func write(_ line: (String) throws -> Void) rethrows {
        for command in commands.sorted(by: { ($0.charted, $0.place) < ($1.charted, $1.place) }) {
            guard let first = command.events.first else { continue }
            var object: [String: JSON] = [
                "command": .string(first.command.lowercase), "clinic": .string(clinic), "actor": .string(first.actor),
                "charted_at": .time(command.charted), "stream": .string(first.stream),
            ]
            let bodies = command.events.map {
                ["type": .string($0.type), "occurred_at": .time($0.at), "data": .object($0.data)] as [String: JSON]
            }
            if bodies.count == 1 {
                object.merge(bodies[0]) { $1 }
            } else {
                object["events"] = .array(bodies.map { .object($0) })
            }
            if let override = first.override {
                object["override"] = ["gate": .string(override.gate), "reason": .string(override.reason)]
            }
            try line(JSON.object(object).canonical)
        }
    }

    var events: Int { commands.reduce(0) { $0 + $1.events.count } }
}
