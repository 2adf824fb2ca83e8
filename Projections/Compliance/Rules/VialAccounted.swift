import Canonical
import Clinic
import Foundation

/// D3: for each vial, received = given + wasted + returned + lost + on hand, within the policy's tolerance; and what was given by the charted rates
/// agrees with the total charted at each stop.
///
/// On hand is what the last count or inventory found. A vial that was never counted is indeterminate while the books say that it holds something,
/// and so is one that was used since its last count: nobody has looked. Once the books say that it is empty, there is nothing left to count.
/// What was in syringes at the time of a count is not missing if it was given or wasted afterwards; until the day is over it may still be.
struct VialAccounted: Rule {
    let id = "D3"
    let title = "Vial accounted for"
    let citation = "21 CFR 1304.22(c)"
    let needs = "the receipt, wastings, returns, losses and counts of the vial, the inventories of the clinic, and the infusions from it"
    let streams: Set<StreamKind> = [.vial]
    let policyValues = ["vial_tolerance_mg", "dose_tolerance_percent"]
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let account = evidence.account else { return evidence.notApplicable("Not a vial") }
        // A sum with a part missing would accuse somebody.
        guard !evidence.isPartlyErased else {
            return evidence.notApplicable("A part of this account was erased with a patient's data, so nothing can be summed up")
        }
        do { return try evaluate(account, evidence) } catch { return evidence.uncountable }
    }

    private func evaluate(_ account: VialAccount, _ evidence: Evidence) throws(QuantityError) -> Finding {
        let balance = try account.balance()
        let statement = try account.statement()
        guard let last = statement.last else { return evidence.notApplicable("Nothing was received") }
        guard let received = account.state.received else {
            let words = "No receipt is charted for what was \(Phrase.list(Set(statement.map(\.kind.rawValue)).sorted()))"
            return evidence.finding(.fail, words, statement.map(DecidingEvent.init), at: last.at)
        }
        if let finding = try pumpsThatDisagree(account, evidence) { return finding }
        let deciding = [evidence.deciding(received)]
        let final = evidence.policy(at: last.at)
        if balance.expected.thousandths < -final.vialToleranceMg.thousandths {
            let excess = Milligrams(thousandths: -balance.expected.thousandths)
            return evidence.finding(
                .fail,
                "\(excess.withUnit) more went out than came in: \(words(balance)); \(allowed(final))",
                deciding + statement.filter { $0.outgoing > .zero }.map { DecidingEvent($0) }, at: last.at)
        }
        guard let count = account.counts.last else { return try uncounted(account, balance, statement, evidence) }
        return try counted(count, account, balance, statement, evidence)
    }

    // MARK: The pump

    /// Each total that differs from the charted rate by more than the policy in force at the stop allows.
    private func pumpsThatDisagree(_ account: VialAccount, _ evidence: Evidence) throws(QuantityError) -> Finding? {
        var faults: [(stop: Charted<InfusionStopped>, words: String, deciding: [DecidingEvent])] = []
        for draw in account.draws {
            guard let stop = draw.run.stop else { continue }
            let (given, total, policy) = (try draw.given, stop.body.totalMg, evidence.policy(at: stop.at))
            // Exact: |total − given| ÷ given ≤ percent ÷ 100, where the percentage is in thousandths.
            let difference = Int128((total.thousandths - given.thousandths).magnitude)
            if difference * 100_000 <= Int128(policy.doseTolerancePercent.thousandths) * Int128(given.thousandths) { continue }
            let words =
                "the total of \(total.withUnit) charted at the stop of \(stop.at.dateAndClock) is not the \(given.withUnit) "
                + "of the charted rate and boluses; policy \(policy.version) allows \(policy.doseTolerancePercent.withUnit)"
            let stream = StreamID.session(draw.session)
            faults.append((stop, words, [DecidingEvent(draw.run.start, on: stream), DecidingEvent(stop, on: stream)]))
        }
        guard let first = faults.first else { return nil }
        return evidence.finding(.fail, Phrase.list(faults.map(\.words)).sentenceCased, faults.flatMap(\.deciding), at: first.stop.at)
    }

    // MARK: The count

    private func uncounted(
        _ account: VialAccount, _ balance: VialAccount.Balance, _ statement: [VialAccount.Movement], _ evidence: Evidence
    ) throws(QuantityError) -> Finding {
        let last = statement[statement.count - 1]
        let policy = evidence.policy(at: last.at)
        let all = statement.map(DecidingEvent.init)
        if balance.expected <= policy.vialToleranceMg, !account.isInUse {
            return evidence.finding(
                .pass, "Used up: \(words(balance)), \(balance.expected.withUnit) unexplained; \(allowed(policy))", all, at: last.at)
        }
        return evidence.finding(
            .indeterminate, "Never counted: \(words(balance)); \(balance.expected.withUnit) should be on hand", all, at: last.at)
    }

    private func counted(
        _ count: VialAccount.Count, _ account: VialAccount, _ balance: VialAccount.Balance, _ statement: [VialAccount.Movement],
        _ evidence: Evidence
    ) throws(QuantityError) -> Finding {
        let policy = evidence.policy(at: count.at)
        let comparison = try account.comparison(with: count)
        let until = statement.filter { ($0.at, $0.position) <= (count.at, count.position) }
        let deciding = until.map { DecidingEvent($0) }
        let sums = words(comparison, count)
        let unexplained = Milligrams(thousandths: Int64(comparison.unexplained.thousandths.magnitude))
        guard unexplained <= policy.vialToleranceMg else {
            let open = try account.leftovers().filter { $0.isOpen(at: evidence.now) && $0.remaining > .zero }
            let pending = min(comparison.stillOut.thousandths, open.reduce(0) { $0 + $1.remaining.thousandths })
            if comparison.unexplained > .zero,
                account.isInUse || comparison.unexplained.thousandths - pending <= policy.vialToleranceMg.thousandths
            {
                return evidence.finding(
                    .indeterminate, "\(sums), \(unexplained.withUnit) drawn and not yet given or wasted", deciding, at: count.at,
                    reconsiderAt: open.filter { !$0.isRunning }.map(\.due).min())
            }
            let what = comparison.unexplained > .zero ? "missing and unexplained" : "too much and unexplained"
            return evidence.finding(.fail, "\(sums), \(unexplained.withUnit) \(what); \(allowed(policy))", deciding, at: count.at)
        }
        let since = statement.dropFirst(until.count).filter { $0.outgoing > .zero }
        if !account.isInUse, since.isEmpty || balance.expected <= policy.vialToleranceMg {
            return evidence.finding(
                .pass, "\(sums), \(comparison.unexplained.withUnit) unexplained; \(allowed(policy))", deciding, at: count.at)
        }
        return evidence.finding(
            .indeterminate,
            "\(sums), \(comparison.unexplained.withUnit) unexplained; used since and not counted again, "
                + "\(balance.expected.withUnit) should be on hand", deciding, at: count.at)
    }

    // MARK: Words

    private func allowed(_ policy: Policy) -> String { "policy \(policy.version) allows \(policy.vialToleranceMg.withUnit)" }

    /// `100 mg received, 40 mg given, 10 mg wasted`.
    private func words(_ balance: VialAccount.Balance) -> String {
        (["\(balance.received.withUnit) received"] + parts(balance)).joined(separator: ", ")
    }

    /// `100 mg received = 40 mg given + 10 mg wasted + 50 mg on hand (counted 2026-03-10 17:00)`; with what is unexplained beside it.
    private func words(_ comparison: VialAccount.Comparison, _ count: VialAccount.Count) -> String {
        var parts = parts(comparison.balance)
        if comparison.atChair > .zero { parts.append("\(comparison.atChair.withUnit) in syringes, used later") }
        if comparison.reportedLater > .zero { parts.append("\(comparison.reportedLater.withUnit) reported lost later") }
        parts.append("\(count.onHand.withUnit) on hand (counted \(count.at.dateAndClock))")
        return "\(comparison.balance.received.withUnit) received, \(parts.joined(separator: " + "))"
    }

    private func parts(_ balance: VialAccount.Balance) -> [String] {
        [(balance.given, "given"), (balance.wasted, "wasted"), (balance.returned, "returned"), (balance.lost, "lost")]
            .filter { $0.0 > .zero }.map { "\($0.0.withUnit) \($0.1)" }
    }
}
