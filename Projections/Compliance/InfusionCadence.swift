import Canonical
import Clinic

/// How often something was charted while the infusions of a session ran, against a limit of the policy at the start of each.
struct InfusionCadence: Sendable {
    /// The longest gap, µs.
    private(set) var longest: Int64 = 0
    /// Longer than the limit, also without the time that waivers cover.
    private(set) var missed: [InfusionGap] = []
    /// Longer than the limit, but for waivers.
    private(set) var waived: [InfusionGap] = []

    /// - Parameters:
    ///   - points: the events at which it was charted, in the order of happening.
    ///   - limit: of a policy, minutes.
    init(of points: [ChartEvent], _ evidence: Evidence, limit: (Policy) -> Int, waivers: [Charted<WaiverNoted>] = []) {
        for gap in evidence.gaps(between: points) {
            longest = max(longest, gap.length)
            let allowed = Int64(limit(evidence.policy(at: gap.run.start.at))) * 60_000_000
            guard gap.length > allowed else { continue }
            if gap.uncovered(by: waivers) > allowed { missed.append(gap) } else { waived.append(gap) }
        }
    }
}

extension [Charted<WaiverNoted>] {
    /// `waived from 09:40 to 09:55 by petra`.
    var words: String {
        Phrase.list(map { "waived from \($0.body.from.clock) to \($0.body.to.clock(besides: $0.body.from)) by \($0.actor)" })
    }
}
