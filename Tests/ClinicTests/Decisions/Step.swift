import Canonical
import Clinic
import Foundation
import Testing

/// One event of a story: what happened, how many minutes after 14:00, and who charted it.
struct Step: Sendable {
    var type: EventType
    var data: JSON
    var minute: Double
    var actor: String
    var stream: StreamID
    var id = UUID()
    var override: Override?

    init(_ type: EventType, at minute: Double, by actor: String, on stream: StreamID = Story.session, _ data: JSON) {
        self.type = type
        self.data = data
        self.minute = minute
        self.actor = actor
        self.stream = stream
    }

    func at(_ minute: Double) -> Step { changed { $0.minute = minute } }
    func by(_ actor: String) -> Step { changed { $0.actor = actor } }
    func on(_ stream: StreamID) -> Step { changed { $0.stream = stream } }
    func id(_ id: UUID) -> Step { changed { $0.id = id } }
    /// With another value for one member of the data; nil takes it away.
    func with(_ key: String, _ value: JSON?) -> Step { changed { $0.data = $0.data.setting("/" + key, to: value) } }

    private func changed(_ change: (inout Step) -> Void) -> Step {
        var copy = self
        change(&copy)
        return copy
    }

    var body: EventBody {
        get throws { try EventBody(type: type, data: data) }
    }
}

/// The names that the stories share.
enum Story {
    static let start = Timestamp(microseconds: 1_780_322_400_000_000)  // 2026-06-01T14:00:00Z
    /// Late on the same day, so that nothing in a story lies in the future.
    static let now = start.adding(minutes: 600)
    static let patientID = id(1)
    static let patient = StreamID.patient(patientID)
    static let session = StreamID.session(id(2))
    static let plan = id(3)
    static let vialID = id(9)
    static let vial = StreamID.vial(vialID)
    static let access = StreamID.access(patientID)
    static let formText = "I agree to the infusion."
    /// SHA-256 of `formText`, from `printf | sha256sum`.
    static let formDigest = "ff463d565c888a169179b3428e166c72c63dcefc29af2bfb8f4890384a8d502a"

    /// A fixed id, so that a failure reads the same each time.
    static func id(_ number: UInt8) -> UUID {
        UUID(uuid: (1, 0x98, 0xf7, 0xa2, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number))
    }

    static func time(_ minute: Double) -> Timestamp {
        Timestamp(microseconds: start.microseconds + Int64((minute * 60_000_000).rounded()))
    }
}

extension JSON {
    static func id(_ id: UUID) -> JSON { .string(id.lowercase) }
    static func time(_ minute: Double) -> JSON { .string(Story.time(minute).description) }
    /// An exact decimal of at most three places.
    static func decimal(_ value: Double) -> JSON { .number(JSONNumber(thousandths: Int64((value * 1000).rounded()))) }
}
