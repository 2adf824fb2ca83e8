import Foundation
import Ledger

/// What `append` must answer, in the simplest way that can be right: one command after the other, in memory.
struct LogModel {
    struct Place: Hashable {
        let event: UUID
        let position: Int64
        let version: Int64
    }

    enum Answer: Hashable {
        case appended([Place])
        case repeated([Place])
        case conflict(stream: String, expected: Int64, actual: Int64)
        case reused

        init(_ outcome: AppendOutcome) {
            func places(_ receipts: [Receipt]) -> [Place] {
                receipts.map { Place(event: $0.event, position: $0.position, version: $0.version) }
            }
            self =
                switch outcome {
                case .appended(let receipts): .appended(places(receipts))
                case .repeated(let receipts): .repeated(places(receipts))
                case .conflict(let stream, let expected, let actual): .conflict(stream: stream, expected: expected, actual: actual)
                case .reused: .reused
                }
        }
    }

    private(set) var events: [NewEvent] = []
    private(set) var versions: [String: Int64] = [:]
    private var taken: [UUID: (AppendCommand, [Place])] = [:]

    var commands: [AppendCommand] { taken.values.map(\.0) }

    mutating func append(_ command: AppendCommand) -> Answer {
        if let (first, places) = taken[command.id] {
            var same = command
            same.conditions = first.conditions
            return same == first ? .repeated(places) : .reused
        }
        for condition in command.conditions {
            let actual = versions[condition.stream, default: 0]
            guard actual == condition.version else {
                return .conflict(stream: condition.stream, expected: condition.version, actual: actual)
            }
        }
        let places = command.events.enumerated().map { index, event in
            events.append(event)
            versions[event.stream, default: 0] += 1
            return Place(event: command.eventID(index), position: Int64(events.count), version: versions[event.stream, default: 0])
        }
        taken[command.id] = (command, places)
        return .appended(places)
    }
}
