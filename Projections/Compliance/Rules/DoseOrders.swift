import Canonical
import Clinic
import Foundation

/// The starts and rate changes of a session, each with what had been given when its rate ended.
enum DoseOrders {
    struct Order: Sendable {
        let id: UUID
        let position: Int64
        let at: Timestamp
        let actor: String
        let type: EventType
        let override: Override?
        let rate: MilligramsPerHour
        let bolus: Milligrams?
        /// Whether a prescriber's override of the gate `dose` covers it: its own, or that of a former order whose rate it doesn't pass.
        let isLicensed: Bool
        /// Whether anything flowed because of it.
        let gave: Bool
        /// What the session had given when the next order came, or at the end. Nil where the sum doesn't fit: more than any plan allows.
        let givenAtEnd: Milligrams?
    }

    /// - Parameter last: how far a run is known that is still going.
    static func all(of session: SessionState, until last: Timestamp) -> [Order] {
        var orders: [Order] = []
        for run in session.runs {
            let end = run.end ?? max(last, run.start.at)
            let times = run.adjustments.map(\.at) + [end]
            orders.append(order(run.start, run.start.body.rateMgPerH, run.start.body.bolusMg, until: times[0], nil, session))
            for (adjustment, next) in zip(run.adjustments, times.dropFirst()) {
                orders.append(order(adjustment, adjustment.body.toRateMgPerH, nil, until: next, orders.last, session))
            }
        }
        return orders
    }

    private static func order(
        _ charted: Charted<some EventData>, _ rate: MilligramsPerHour, _ bolus: Milligrams?, until end: Timestamp, _ former: Order?,
        _ session: SessionState
    ) -> Order {
        let follows = former.map { $0.isLicensed && rate <= $0.rate } ?? false
        return Order(
            id: charted.id, position: charted.position, at: charted.at, actor: charted.actor, type: type(of: charted.body).eventType,
            override: charted.override, rate: rate, bolus: bolus, isLicensed: charted.override?.gate == .dose || follows,
            gave: (bolus ?? .zero) > .zero || (rate > .zero && end > charted.at), givenAtEnd: try? session.given(at: end))
    }
}

extension DoseOrders.Order {
    /// In what it passes the plan, as clauses. Exact, without rounding: µg against (thousandths of a unit per kg) × g.
    func excesses(_ plan: TreatmentPlanned, _ weight: Kilograms) -> [String] {
        var excesses: [String] = []
        if exceeds(rate, plan.maxRateMgPerKgPerH, weight) {
            excesses.append("\(rate.withUnit), more than \(plan.maxRateMgPerKgPerH.withUnit) at \(weight.withUnit)")
        }
        if let bolus, bolus > .zero {
            if let most = plan.bolusMaxMgPerKg {
                if exceeds(bolus, most, weight) {
                    excesses.append("a bolus of \(bolus.withUnit), more than \(most.withUnit) at \(weight.withUnit)")
                }
            } else {
                excesses.append("a bolus of \(bolus.withUnit), which the plan doesn't allow")
            }
        }
        if gave, givenAtEnd.map({ exceeds($0, plan.maxMgPerKg, weight) }) ?? true {
            let total = givenAtEnd?.withUnit ?? "too much to add up"
            excesses.append("a rate that brought the dose to \(total), more than \(plan.maxMgPerKg.withUnit) at \(weight.withUnit)")
        }
        return excesses
    }

    private func exceeds<Absolute, PerKilogram>(_ dose: Quantity<Absolute>, _ limit: Quantity<PerKilogram>, _ weight: Kilograms) -> Bool {
        Int128(dose.thousandths) * 1000 > Int128(limit.thousandths) * Int128(weight.thousandths)
    }
}

extension DecidingEvent {
    init(_ order: DoseOrders.Order, on stream: StreamID) {
        event = order.id
        position = order.position
        self.stream = stream
        type = order.type
        actor = order.actor
        occurredAt = order.at
    }
}
