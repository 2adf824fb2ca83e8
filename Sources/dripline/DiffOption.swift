import ArgumentParser
import Canonical
import Clinic
import Foundation

/// `--diff N1 N2`: two points of a chart, each a position or a time of knowledge.
struct DiffOption: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "What changed between two points, each a position or a time by which it had been recorded; after the name.", valueName: "point")
    )
    var diff: [String] = []

    var isGiven: Bool { !diff.isEmpty }

    /// - Parameter within: of the bounds only `--at` goes with two points.
    func validate(_ within: BoundsOptions) throws {
        guard isGiven else { return }
        guard within.position == nil, within.knownAt == nil else {
            throw ValidationError("--diff names its own points: leave out --position and --known-at. --at may stay.")
        }
        _ = try points(at: within.at)
    }

    func points(at: Timestamp?) throws -> (from: History.Bounds, to: History.Bounds) {
        guard diff.count == 2 else {
            throw ValidationError("--diff takes two points, such as --diff 120 240, after the patient or the session.")
        }
        let (from, to) = (try Self.bounds(diff[0], at: at), try Self.bounds(diff[1], at: at))
        if let first = from.position, let second = to.position, first > second {
            throw ValidationError("--diff \(first) \(second): the first point must not lie after the second.")
        }
        if let first = from.knownAt, let second = to.knownAt, first > second {
            throw ValidationError("--diff \(diff[0]) \(diff[1]): the first point must not lie after the second.")
        }
        return (from, to)
    }

    private static func bounds(_ text: String, at: Timestamp?) throws -> History.Bounds {
        if let position = Int64(text), position >= 0 { return History.Bounds(at: at, position: position) }
        if let time = Timestamp(rfc3339: text) { return History.Bounds(at: at, knownAt: time) }
        throw ValidationError("--diff \(text): a point is a position from 0, or a time with an offset such as 2026-11-22T15:30:00Z.")
    }
}
