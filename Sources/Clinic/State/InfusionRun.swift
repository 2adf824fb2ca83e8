public import Canonical
public import Foundation

/// One infusion from its start to its stop. A session may have several.
public struct InfusionRun: Sendable, Hashable {
    public let start: Charted<InfusionStarted>
    public internal(set) var adjustments: [Charted<DoseAdjusted>] = []
    /// Boluses on top of the rate, in order; the one at the start is in ``start``.
    public internal(set) var boluses: [Charted<BolusGiven>] = []
    public internal(set) var stop: Charted<InfusionStopped>?
    /// When it ended: at its stop, or where the chart shows another start without one. Nil while it runs.
    public internal(set) var end: Timestamp?

    init(start: Charted<InfusionStarted>) {
        self.start = start
    }

    /// The charted rates one after another, without a gap from start to end. The last is open while the infusion runs.
    /// A pause is a segment of rate 0. A rate that was set and changed at the same instant has no segment.
    public var segments: [DoseSegment] {
        var segments: [DoseSegment] = []
        var current = DoseSegment(event: start.id, from: start.at, to: nil, rate: start.body.rateMgPerH)
        for adjustment in adjustments {
            if adjustment.at > current.from { segments.append(current.closed(adjustment.at)) }
            current = DoseSegment(event: adjustment.id, from: adjustment.at, to: nil, rate: adjustment.body.toRateMgPerH)
        }
        guard let end else { return segments + [current] }
        if end > current.from { segments.append(current.closed(end)) }
        return segments
    }

    /// The rate last set; 0 while paused. What it was at the end once it has ended.
    public var rate: MilligramsPerHour {
        adjustments.last?.body.toRateMgPerH ?? start.body.rateMgPerH
    }

    /// The rate last set that was not a pause.
    public var lastFlowingRate: MilligramsPerHour {
        adjustments.last { $0.body.toRateMgPerH > .zero }?.body.toRateMgPerH ?? start.body.rateMgPerH
    }

    public var isRunning: Bool { end == nil }

    /// Adds what this run gave up to an instant: its boluses and the integral of the charted rate.
    func add(until instant: Timestamp, to amount: inout InfusedAmount) throws(QuantityError) {
        guard start.at <= instant else { return }
        if let bolus = start.body.bolusMg { try amount.add(bolus: bolus) }
        for bolus in boluses where bolus.at <= instant { try amount.add(bolus: bolus.body.doseMg) }
        for segment in segments where segment.from < instant {
            let end = min(segment.to ?? instant, instant)
            try amount.add(rate: segment.rate, microseconds: end.microseconds(since: segment.from))
        }
    }

    /// What this run gave up to an instant, rounded to the microgram.
    public func given(at instant: Timestamp) throws(QuantityError) -> Milligrams {
        var amount = InfusedAmount()
        try add(until: instant, to: &amount)
        return try amount.total
    }
}

/// A span at one charted rate.
public struct DoseSegment: Sendable, Hashable {
    /// The start or the adjustment that set the rate.
    public let event: UUID
    public let from: Timestamp
    /// Nil while the rate is in force.
    public let to: Timestamp?
    public let rate: MilligramsPerHour

    func closed(_ end: Timestamp) -> DoseSegment {
        DoseSegment(event: event, from: from, to: end, rate: rate)
    }
}
