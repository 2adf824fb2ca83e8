import Canonical

/// Late dose entries must leave the chain of rates whole.
extension Deliberation {
    /// Looks at the dose event that follows each proposed start and adjustment in clinical time: it must go on from the rate that they set.
    /// A late stop is not held to this: stopping is never blocked.
    mutating func checkDoseChain() throws(Stop) {
        let doses = try peek(proposal.stream).clinical.filter(\.isDose)
        for index in proposal.events.indices {
            guard let place = doses.lastIndex(where: { $0.id == proposal.events[index].id && $0.body.setRate != nil }),
                let rate = doses[place].body.setRate, place + 1 < doses.count
            else { continue }
            let next = doses[place + 1]
            judging(index)
            switch next.body {
            case .infusionStarted:
                throw refuse(
                    .conflict, "infusion-later",
                    "An infusion starts at \(next.occurredAt) while this one would still run; record the stop before it in the same command.",
                    at: "/occurred_at")
            case .doseAdjusted(let body) where body.fromRateMgPerH != rate:
                throw refuse(
                    .conflict, "breaks-later-dose",
                    "The dose change at \(next.occurredAt) (event \(next.id.lowercase)) starts from another rate; amend that one first.",
                    at: "/occurred_at")
            default: continue
            }
        }
    }
}

extension ChartEvent {
    fileprivate var isDose: Bool {
        if case .infusionStopped = body { return true }
        return body.setRate != nil
    }
}

extension EventBody {
    /// The rate that it puts in force, if it does.
    var setRate: MilligramsPerHour? {
        switch self {
        case .infusionStarted(let start): start.rateMgPerH
        case .doseAdjusted(let adjustment): adjustment.toRateMgPerH
        default: nil
        }
    }
}
