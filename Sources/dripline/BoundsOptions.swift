import ArgumentParser
import Canonical
import Clinic
import Foundation

/// The three bounds of every read, each optional, in any combination.
struct BoundsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What had occurred by this time, with what is known of it now.", valueName: "time"), transform: Self.time)
    var at: Timestamp?

    @Option(help: ArgumentHelp("What had been recorded by this time.", valueName: "time"), transform: Self.time)
    var knownAt: Timestamp?

    @Option(help: ArgumentHelp("What the log held up to this position.", valueName: "n"), transform: Self.position)
    var position: Int64?

    var bounds: History.Bounds { History.Bounds(at: at, knownAt: knownAt, position: position) }
    var isBounded: Bool { bounds != History.Bounds() }

    @Sendable static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw ValidationError("It must be a time with an offset, such as 2026-11-22T15:30:00Z.")
        }
        return time
    }

    @Sendable static func position(_ text: String) throws -> Int64 {
        guard let position = Int64(text), position >= 0 else { throw ValidationError("It must be a position: a whole number from 0.") }
        return position
    }
}
