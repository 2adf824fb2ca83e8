import Canonical
import Clinic
import Foundation

@testable import Projections

/// A vial's story made from a seed, twice: as events, some charted wrong and amended, some charted in vain and voided, all in random order of
/// entry; and as the plain facts behind them, from which an oracle counts second by second.
struct RandomVial {
    /// What really happened, at a second of the day.
    enum Fact {
        case received(Int64)
        case dispensed(session: Int, Int64)
        case wasted(session: Int?, Int64)
        case returned(Int64)
        case lost(Int64)
        case counted(Int64)
        case started(session: Int, isThisVial: Bool, rate: Int64, bolus: Int64)
        case adjusted(session: Int, rate: Int64)
        case bolus(session: Int, Int64)
        case stopped(session: Int)
        /// Anything else on a session's chart: up to there an open infusion is known.
        case noted(session: Int)
    }

    private(set) var facts: [(second: Int, fact: Fact)] = []
    private(set) var scenario = Scenario()
    private var random: SeededGenerator
    static let day: Timestamp = .of("2026-03-10T00:00")
    /// 2.25 hours, so that counting second by second stays quick.
    static let seconds = 8_100

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let volume = Int64.random(in: 1_000...20_000, using: &random)
        add(0, .received(Int64(50) * volume))
        let sessions = Int.random(in: 1...3, using: &random)
        for session in 0..<sessions { self.session(session) }
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let amount = Int64.random(in: 1...30_000, using: &random)
            let fact: Fact =
                switch Int.random(in: 0..<5, using: &random) {
                case 0: .returned(amount)
                case 1: .lost(amount)
                case 2: .wasted(session: nil, amount)
                case 3: .wasted(session: Int.random(in: 0..<sessions, using: &random), amount)
                default: .counted(amount)
                }
            add(second(), fact)
        }
        facts.sort { $0.second < $1.second }
        write()
    }

    private mutating func second() -> Int { Int.random(in: 1..<Self.seconds, using: &random) }
    private mutating func add(_ second: Int, _ fact: Fact) { facts.append((second, fact)) }

    /// Some infusions one after another, of this vial or another, the last one perhaps without a stop.
    private mutating func session(_ session: Int) {
        var times: Set<Int> = []
        while times.count < Int.random(in: 3...14, using: &random) { times.insert(second()) }
        var isRunning = false
        let ordered = times.sorted()
        for (index, time) in ordered.enumerated() {
            let rate = random.once(in: 5) ? 0 : Int64.random(in: 1...90_000, using: &random)
            if !isRunning {
                if random.once(in: 2) { add(max(0, time - 60), .dispensed(session: session, Int64.random(in: 1...60_000, using: &random))) }
                let bolus = random.once(in: 3) ? Int64.random(in: 1...9_000, using: &random) : 0
                add(time, .started(session: session, isThisVial: !random.once(in: 4), rate: rate, bolus: bolus))
                isRunning = true
            } else if index == ordered.count - 1 || random.once(in: 5) {
                add(time, random.once(in: 4) ? .noted(session: session) : .stopped(session: session))
                if index < ordered.count - 1, case .stopped? = facts.last?.fact { isRunning = false }
            } else {
                add(
                    time,
                    random.once(in: 4)
                        ? .bolus(session: session, Int64.random(in: 1...9_000, using: &random)) : .adjusted(session: session, rate: rate))
            }
        }
    }

    // MARK: Writing

    private mutating func write() {
        // In the order of happening for each pair of session facts of one instant, else in any: entries come late.
        for (second, fact) in facts.shuffled(using: &random) {
            let (type, stream, data) = Self.event(fact)
            let time = Self.day.adding(seconds: Int64(second)).description
            if random.once(in: 6), let wrong = altered(type, data) {
                let id = scenario.record(type, on: stream, time, wrong)
                scenario.amend(id, at: "23:00", on: stream, data)
            } else {
                scenario.record(type, on: stream, time, data)
            }
            if random.once(in: 8), type != .drugReceived {
                // Something of the kind that never happened.
                let id = scenario.record(type, on: stream, Self.day.adding(seconds: Int64(self.second())).description, data)
                scenario.void(id, "23:30", on: stream)
            }
        }
    }

    private mutating func altered(_ type: EventType, _ data: JSON) -> JSON? {
        guard case .object(var members) = data else { return nil }
        for name in ["rate_mg_per_h", "to_rate_mg_per_h", "dose_mg", "amount_mg", "drawn_mg", "on_hand_mg"] where members[name] != nil {
            members[name] = Self.amount(Int64.random(in: 1...50_000, using: &random))
        }
        return .object(members)
    }

    private static func amount(_ micrograms: Int64) -> JSON { .number(JSONNumber(thousandths: micrograms)) }
    static func session(_ number: Int) -> UUID { uuid(200 + Int64(number)) }

    private static func event(_ fact: Fact) -> (EventType, StreamID, JSON) {
        let vial = StreamID.vial(Scenario.vial)
        switch fact {
        case .received(let content):
            return (
                .drugReceived, vial,
                [
                    "drug": "ketamine", "form": "injection", "lot": "K-7", "concentration_mg_per_ml": 50,
                    "volume_ml": amount(content / 50), "expires_on": "2027-06-30", "supplier": "Elm Supply",
                ]
            )
        case .dispensed(let session, let drawn):
            return (
                .drugDispensed, vial,
                ["session": .id(self.session(session)), "patient": .id(Scenario.patient), "drawn_mg": amount(drawn), "to": "nia"]
            )
        case .wasted(let session, let wasted):
            var data: [String: JSON] = ["amount_mg": amount(wasted), "manner": "sink"]
            data["session"] = session.map { .id(self.session($0)) }
            return (.drugWasted, vial, .object(data))
        case .returned(let returned): return (.drugReturned, vial, ["amount_mg": amount(returned)])
        case .lost(let lost): return (.drugLossReported, vial, ["amount_mg": amount(lost), "note": "Short."])
        case .counted(let onHand): return (.vialCounted, vial, ["on_hand_mg": amount(onHand)])
        case .started(let session, let isThisVial, let rate, let bolus):
            let data: JSON = [
                "drug": "ketamine", "vial": .id(isThisVial ? Scenario.vial : uuid(99)), "concentration_mg_per_ml": 1,
                "rate_mg_per_h": amount(rate), "bolus_mg": amount(bolus), "planned_min": 60, "prescriber": "petra",
            ]
            return (.infusionStarted, .session(self.session(session)), data)
        case .adjusted(let session, let rate):
            let data: JSON = [
                "from_rate_mg_per_h": amount(1), "to_rate_mg_per_h": amount(rate), "reason": "titration", "ordered_by": "petra",
            ]
            return (.doseAdjusted, .session(self.session(session)), data)
        case .bolus(let session, let dose):
            let data: JSON = ["dose_mg": amount(dose), "over_min": 1, "reason": "Pain.", "ordered_by": "petra"]
            return (.bolusGiven, .session(self.session(session)), data)
        case .stopped(let session):
            return (.infusionStopped, .session(self.session(session)), ["reason": "complete", "total_mg": 1, "total_ml": 1])
        case .noted(let session): return (.noteRecorded, .session(self.session(session)), ["text": "Looked in."])
        }
    }
}

/// Counts the facts second by second, without segments, states or corrections.
struct VialOracle {
    private(set) var received: Int64 = 0
    private(set) var dispensed: Int64 = 0
    private(set) var wasted: Int64 = 0
    private(set) var returned: Int64 = 0
    private(set) var lost: Int64 = 0
    /// µg × 3600: what flows in a second at µg/h.
    private var infused: Int64 = 0

    var given: Int64 { (infused + 1_800) / 3_600 }
    var expected: Int64 { received - given - wasted - returned - lost }

    init(_ facts: [(second: Int, fact: RandomVial.Fact)], until last: Int) {
        for (second, fact) in facts where second <= last {
            switch fact {
            case .received(let amount): received += amount
            case .dispensed(_, let amount): dispensed += amount
            case .wasted(_, let amount): wasted += amount
            case .returned(let amount): returned += amount
            case .lost(let amount): lost += amount
            default: continue
            }
        }
        for session in Set(facts.compactMap(\.fact.chartedSession)) {
            infuse(facts.filter { $0.fact.chartedSession == session }, until: last)
        }
    }

    /// Facts of one session, no two in one second.
    private mutating func infuse(_ facts: [(second: Int, fact: RandomVial.Fact)], until last: Int) {
        let end = min(last, facts.map(\.second).max() ?? 0)
        guard end >= 0 else { return }
        var (flows, rate) = (false, Int64(0))
        for second in 0...end {
            switch facts.first(where: { $0.second == second })?.fact {
            case .started(_, let isThisVial, let first, let bolus):
                (flows, rate) = (isThisVial, first)
                if isThisVial { infused += bolus * 3_600 }
            case .adjusted(_, let next): rate = next
            case .bolus(_, let dose): infused += flows ? dose * 3_600 : 0
            case .stopped: flows = false
            default: break
            }
            if flows, second < end { infused += rate }
        }
    }
}

extension RandomVial.Fact {
    /// The session on whose stream it stands.
    fileprivate var chartedSession: Int? {
        switch self {
        case .started(let session, _, _, _), .adjusted(let session, _), .bolus(let session, _), .stopped(let session), .noted(let session):
            session
        case .received, .dispensed, .wasted, .returned, .lost, .counted: nil
        }
    }
}
