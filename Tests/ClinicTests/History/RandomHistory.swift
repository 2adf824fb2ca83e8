import Canonical
import Clinic
import Foundation

/// Streams full of corrections, also impossible ones, dated in any order.
struct RandomHistory {
    private var random: SplitMix
    private(set) var events: [ChartEvent] = []

    init(seed: UInt64, count: Int) {
        random = SplitMix(seed: seed)
        for position in 1...count { add(position) }
    }

    mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func add(_ number: Int) {
        // A third of the stream's events correct something; times are few, so that ties occur.
        let minute = pick(0...3) == 0 ? pick(0...40) : number
        let recorded = (events.last?.recordedAt ?? Story.start).adding(seconds: Int64(pick(0...90)))
        events.append(
            ChartEvent(
                position: (events.last?.position ?? 0) + Int64(pick(1...3)), version: Int64(number), id: id(number), stream: Story.session,
                actor: "nia", command: id(number), occurredAt: Story.time(Double(minute)), recordedAt: recorded, body: body(number)))
    }

    private mutating func body(_ number: Int) -> EventBody {
        let step =
            switch pick(0...11) {
            case 0, 1: Step.amended(target(number), amendedData(number))
            case 2: Step.voided(target(number))
            case 3: Step.amended(id(number + pick(0...5)), Step.note.data)
            default: Step.note.with("text", .string("note \(number)"))
            }
        do { return try step.body } catch { preconditionFailure("\(error)") }
    }

    /// Mostly something that exists: a note, an amendment, or a voiding.
    private mutating func target(_ number: Int) -> UUID {
        id(pick(max(1, number - 12)...max(1, number - 1)))
    }

    private mutating func amendedData(_ number: Int) -> JSON {
        // One in six is not valid for a note.
        pick(0...5) == 0 ? ["words": "amended"] : ["text": .string("amended \(number)")]
    }

    private func id(_ number: Int) -> UUID {
        UUID(
            uuid: (
                0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)
            ))
    }
}
