import Canonical
import Clinic
import Foundation

/// The starts, rate changes and boluses of a session, each with what had been given when the next one came.
enum DoseOrders {
    struct Order: Sendable {
        let id: UUID
        let position: Int64
        let at: Timestamp
        let actor: String
        let type: EventType
        /// Staff handle of who ordered it.
        let orderedBy: String
        /// Whether it says why. A start needs no reason: the plan is one.
        let hasReason: Bool
        /// In force from here on; a bolus leaves it as it was.
        let rate: MilligramsPerHour
        let bolus: Milligrams?
        /// Whether an override of the gate `dose` by a prescriber came with this order itself.
        let isOverridden: Bool
        /// Whether a prescriber's override of the gate `dose` covers the rate: its own, or that of a former order whose rate it doesn't pass.
        let isLicensed: Bool
        /// Whether anything flowed because of it.
        let gave: Bool
        /// What the session had given once it was carried out. Nil where the sum doesn't fit: more than any plan allows.
        let givenAfter: Milligrams?
        /// What the session had given when the next order came, or at the end. Nil where the sum doesn't fit.
        let givenAtEnd: Milligrams?
    }

    /// An order before it is known what came of it.
    private struct Draft {
        let id: UUID
        let position: Int64
        let at: Timestamp
        let actor: String
        let type: EventType
        let override: Override?
        let orderedBy: String
        let hasReason: Bool
        /// Nil for a bolus.
        let rate: MilligramsPerHour?
        let bolus: Milligrams?

        init(
            _ charted: Charted<some EventData>, by orderedBy: String, hasReason: Bool, rate: MilligramsPerHour?, bolus: Milligrams?
        ) {
            id = charted.id
            position = charted.position
            at = charted.at
            actor = charted.actor
            type = Swift.type(of: charted.body).eventType
            override = charted.override
            self.orderedBy = orderedBy
            self.hasReason = hasReason
            self.rate = rate
            self.bolus = bolus
        }
    }

    /// - Parameter last: how far a run is known that is still going.
    static func all(of session: SessionState, until last: Timestamp, _ reference: ClinicReference) -> [Order] {
        var orders: [Order] = []
        for run in session.runs {
            let drafts = drafts(of: run)
            let ends = drafts.dropFirst().map(\.at) + [run.end ?? max(last, run.start.at)]
            var former: Order?
            for (draft, end) in zip(drafts, ends) {
                let next = order(draft, until: end, after: former, session, reference)
                orders.append(next)
                former = next
            }
        }
        return orders
    }

    private static func drafts(of run: InfusionRun) -> [Draft] {
        let start = run.start
        let adjustments = run.adjustments.map { adjustment in
            Draft(
                adjustment, by: adjustment.body.orderedBy, hasReason: adjustment.body.saysWhy, rate: adjustment.body.toRateMgPerH,
                bolus: nil)
        }
        let boluses = run.boluses.map { bolus in
            Draft(bolus, by: bolus.body.orderedBy, hasReason: bolus.body.reason.hasWords, rate: nil, bolus: bolus.body.doseMg)
        }
        let first = Draft(
            start, by: start.body.prescriber, hasReason: true, rate: start.body.rateMgPerH, bolus: start.body.bolusMg)
        return [first] + (adjustments + boluses).sorted { ($0.at, $0.position) < ($1.at, $1.position) }
    }

    private static func order(
        _ draft: Draft, until end: Timestamp, after former: Order?, _ session: SessionState, _ reference: ClinicReference
    ) -> Order {
        let rate = draft.rate ?? former?.rate ?? .zero
        let follows = former.map { $0.isLicensed && rate <= $0.rate } ?? false
        let isOverridden = draft.override?.gate == .dose && reference.isPrescriber(draft.actor, at: draft.at)
        return Order(
            id: draft.id, position: draft.position, at: draft.at, actor: draft.actor, type: draft.type,
            orderedBy: draft.orderedBy, hasReason: draft.hasReason, rate: rate, bolus: draft.bolus,
            isOverridden: isOverridden, isLicensed: isOverridden || follows,
            gave: (draft.bolus ?? .zero) > .zero || (rate > .zero && end > draft.at), givenAfter: given(at: draft.at, by: draft, session),
            givenAtEnd: given(at: end, by: draft, session))
    }

    /// What the session had given at an instant, without what later orders of the same instant gave at once.
    private static func given(at instant: Timestamp, by draft: Draft, _ session: SessionState) -> Milligrams? {
        guard var given = try? session.given(at: instant) else { return nil }
        for later in session.runs.flatMap(drafts)
        where later.at == instant && (later.at, later.position) > (draft.at, draft.position) {
            guard let rest = try? given.subtracting(later.bolus ?? .zero) else { return nil }
            given = rest
        }
        return given
    }
}

extension DoseAdjusted {
    /// Another reason than the listed ones must be told.
    fileprivate var saysWhy: Bool { reason != .other || note?.hasWords == true }
}

extension String {
    fileprivate var hasWords: Bool { contains { !$0.isWhitespace } }
}

extension DoseOrders.Order {
    /// In what it passes the plan, as clauses, each with whether a prescriber's override covers it. Exact, without rounding: µg against
    /// (thousandths of a unit per kg) × g.
    func excesses(_ plan: TreatmentPlanned, _ weight: Kilograms) -> [(words: String, isLicensed: Bool)] {
        var excesses: [(words: String, isLicensed: Bool)] = []
        if type != .bolusGiven, exceeds(rate, plan.maxRateMgPerKgPerH, weight) {
            excesses.append(("\(rate.withUnit), more than \(plan.maxRateMgPerKgPerH.withUnit) at \(weight.withUnit)", isLicensed))
        }
        if let bolus, bolus > .zero {
            if let most = plan.bolusMaxMgPerKg {
                if exceeds(bolus, most, weight) {
                    excesses.append(("a bolus of \(bolus.withUnit), more than \(most.withUnit) at \(weight.withUnit)", isOverridden))
                }
            } else {
                excesses.append(("a bolus of \(bolus.withUnit), which the plan doesn't allow", isOverridden))
            }
        }
        let most = "more than \(plan.maxMgPerKg.withUnit) at \(weight.withUnit)"
        if type == .bolusGiven, passes(givenAfter, plan, weight) {
            excesses.append(("a bolus that brought the dose to \(DoseOrders.words(givenAfter)), \(most)", isOverridden))
        } else if gave, passes(givenAtEnd, plan, weight) {
            excesses.append(("a rate that brought the dose to \(DoseOrders.words(givenAtEnd)), \(most)", isLicensed))
        }
        return excesses
    }

    /// What is wrong with who ordered it and why, as clauses. No override mends that.
    func faults(_ reference: ClinicReference) -> [String] {
        var faults: [String] = []
        if !reference.isPrescriber(orderedBy, at: at) {
            faults.append("ordered by \(orderedBy), who was no prescriber then")
        }
        if !hasReason { faults.append("changed for another reason that is not told") }
        return faults
    }

    private func passes(_ given: Milligrams?, _ plan: TreatmentPlanned, _ weight: Kilograms) -> Bool {
        given.map { exceeds($0, plan.maxMgPerKg, weight) } ?? true
    }

    private func exceeds<Absolute, PerKilogram>(_ dose: Quantity<Absolute>, _ limit: Quantity<PerKilogram>, _ weight: Kilograms) -> Bool {
        Int128(dose.thousandths) * 1000 > Int128(limit.thousandths) * Int128(weight.thousandths)
    }
}

extension ClinicReference {
    fileprivate func isPrescriber(_ handle: String, at instant: Timestamp) -> Bool {
        staff(handle, at: instant)?.roles.contains(.prescriber) == true
    }
}

extension DoseOrders {
    fileprivate static func words(_ given: Milligrams?) -> String { given?.withUnit ?? "too much to add up" }
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
