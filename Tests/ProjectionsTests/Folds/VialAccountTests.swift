import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct VialAccountTests {
    /// At every instant the account is what counting second by second makes of the same facts, whatever was charted late, wrong or in vain.
    @Test(arguments: UInt64(1)...60) func agreesWithCountingSecondBySecond(seed: UInt64) throws {
        let vial = RandomVial(seed: seed)
        let account = vial.scenario.account
        var random = SeededGenerator(seed: seed &* 977)
        let instants =
            [0, RandomVial.seconds] + vial.facts.map(\.second)
            + (0..<12).map { _ in Int.random(in: 0...RandomVial.seconds, using: &random) }
        for second in instants {
            let balance = try account.balance(at: RandomVial.day.adding(seconds: Int64(second)))
            let oracle = VialOracle(vial.facts, until: second)
            #expect(balance.received.thousandths == oracle.received)
            #expect(balance.dispensed.thousandths == oracle.dispensed)
            #expect(balance.given.thousandths == oracle.given, "given by second \(second)")
            #expect(balance.wasted.thousandths == oracle.wasted)
            #expect(balance.returned.thousandths == oracle.returned)
            #expect(balance.lost.thousandths == oracle.lost)
            #expect(balance.expected.thousandths == oracle.expected)
        }
        let end = VialOracle(vial.facts, until: RandomVial.seconds)
        #expect(try account.balance().expected.thousandths == end.expected)
    }

    /// The statement adds up: each balance is the one before, plus what came in, less what went out; and the last is the account's.
    @Test(arguments: UInt64(1)...60) func theStatementAddsUp(seed: UInt64) throws {
        let account = RandomVial(seed: seed).scenario.account
        let statement = try account.statement()
        var balance: Int64 = 0
        for movement in statement {
            balance += movement.incoming.thousandths - movement.outgoing.thousandths
            #expect(movement.balance.thousandths == balance)
        }
        let total = try account.balance()
        #expect(balance == total.expected.thousandths)
        for (kind, sum) in [
            (VialAccount.Movement.Kind.received, total.received), (.dispensed, total.dispensed), (.given, total.given),
            (.wasted, total.wasted), (.returned, total.returned), (.lost, total.lost),
        ] {
            #expect(statement.filter { $0.kind == kind }.reduce(0) { $0 + $1.amount.thousandths } == sum.thousandths, "\(kind)")
        }
        #expect(statement.map(\.at) == statement.map(\.at).sorted())
    }

    /// Received = given + wasted + returned + lost + on hand + what is explained otherwise + what is not.
    @Test(arguments: UInt64(1)...60) func aComparisonLosesNothing(seed: UInt64) throws {
        let account = RandomVial(seed: seed).scenario.account
        for count in account.counts {
            let comparison = try account.comparison(with: count)
            let balance = comparison.balance
            let out = [balance.given, balance.wasted, balance.returned, balance.lost, count.onHand].reduce(0) { $0 + $1.thousandths }
            let explained = comparison.atChair.thousandths + comparison.reportedLater.thousandths
            #expect(balance.received.thousandths == out + explained + comparison.unexplained.thousandths)
            #expect(comparison.atChair >= .zero && comparison.reportedLater >= .zero && comparison.stillOut >= .zero)
        }
    }

    @Test func countsFactsOfOneInstantInTheOrderOfTheLog() throws {
        var scenario = Scenario()
        scenario.receive("2026-03-01")
        scenario.count("09:00", "100")
        scenario.giveBack("09:00", "10")
        scenario.count("09:00", "90")
        let account = scenario.account
        #expect(try account.counts.map { try account.comparison(with: $0).unexplained } == [0, 0])
    }

    @Test func twoVialsOfOneSessionHaveTheirOwnAccounts() throws {
        var scenario = Scenario()
        scenario.receive()
        scenario.insert()
        scenario.start("09:30", "20", bolus: "3")
        scenario.stop("10:00")
        scenario.record(
            .infusionStarted, "10:00",
            [
                "drug": "ketamine", "vial": .id(uuid(99)), "concentration_mg_per_ml": 1, "rate_mg_per_h": 30, "planned_min": 60,
                "prescriber": "petra",
            ])
        scenario.record(.bolusGiven, "10:05", ["dose_mg": 2, "over_min": 0, "reason": "Pain.", "ordered_by": "petra"])
        scenario.stop("10:10")
        #expect(try scenario.account.balance().given == 13)
        #expect(try scenario.account.balance(at: .of("09:45")).given == 8)
        let other = VialAccount(uuid(99), VialState(History()), sessions: [Scenario.session: scenario.sheet.state])
        #expect(try other.balance().given == 7)
    }

    @Test func aForgottenStopDoesNotRunForEver() throws {
        var scenario = Scenario()
        scenario.receive()
        scenario.insert()
        scenario.start("09:30", "20")
        scenario.vitals("09:45")
        scenario.count("2026-04-10", "95")
        #expect(try scenario.account.balance().given == 5)
        #expect(try scenario.account.balance(at: .of("2026-04-10")).given == 5)
        #expect(scenario.account.isInUse)
    }
}
