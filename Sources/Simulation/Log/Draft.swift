import Canonical
import Foundation

/// An event before it is written: courses put it together, faults change it, ``ClinicLog`` writes it.
///
/// A class, because events refer to each other (an amendment to its target) and faults reach for those that are already there.
final class Draft {
    let stream: String
    var actor: String
    let type: String
    var at: Timestamp
    var data: [String: JSON]
    var override: (gate: String, reason: String)?
    /// Where the entry is late; nil means: soon after it happened.
    var chartedAt: Timestamp?
    /// Events of one stream and author that share it go down in one command. Nobody refers to such events.
    var batch: Int?
    let command: UUID

    init(_ type: String, on stream: String, by actor: String, at: Timestamp, _ data: [String: JSON], command: UUID) {
        self.type = type
        self.stream = stream
        self.actor = actor
        self.at = at
        self.data = data
        self.command = command
    }

    /// The id that the log will give it, where it goes down alone.
    var id: JSON { .string(UUID.v5(namespace: command, name: "0").lowercase) }

    subscript(key: String) -> JSON? {
        get { data[key] }
        set { data[key] = newValue }
    }
}

extension JSON {
    static func thousandths(_ value: Int) -> JSON { .number(JSONNumber(thousandths: Int64(value))) }
    static func whole(_ value: Int) -> JSON { .number(JSONNumber(value)) }
    static func time(_ time: Timestamp) -> JSON { .string(time.short) }

    var thousandths: Int {
        guard case .number(let number) = self, let value = number.thousandths else { return 0 }
        return Int(value)
    }
}

extension Timestamp {
    /// UTC to the second: `2026-11-22T15:30:00Z`.
    var short: String { description.prefix(19) + "Z" }
}
