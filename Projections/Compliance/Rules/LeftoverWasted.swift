import Canonical
import Clinic
import Foundation

/// D4: what is left of an amount drawn for a session is wasted the same day, before a witness other than the waster where the policy asks for one.
///
/// A leftover within the tolerance of vials is none. The day ends at midnight UTC, but never sooner than 12 hours after the leftover arose: see
/// ``Leftover/due``. A wasting that names no session counts for the session that was drawn for last.
struct LeftoverWasted: Rule {
    let id = "D4"
    let title = "Leftovers wasted"
    let citation = "21 CFR 1304.22(c); the witness by policy"
    let needs = "the dispensings and wastings of the vial, the infusions from it, and the staff of the clinic"
    let streams: Set<StreamKind> = [.vial]
    let policyValues = ["vial_tolerance_mg", "waste_witness_required"]
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let account = evidence.account else { return evidence.notApplicable("Not a vial") }
        do { return try evaluate(account, evidence) } catch { return evidence.uncountable }
    }

    private struct Fault {
        let at: Timestamp
        let words: String
        let deciding: [DecidingEvent]
    }

    private func evaluate(_ account: VialAccount, _ evidence: Evidence) throws(QuantityError) -> Finding {
        let all = try account.leftovers()
        let wastings = account.state.wastings
        guard let last = (all.map(\.arose) + wastings.map(\.at)).max() else {
            return evidence.notApplicable("Nothing was drawn or wasted from this vial")
        }
        var faults = wastings.compactMap { fault(of: $0, evidence) }
        var open: [Leftover] = []
        var kept: [Leftover] = []
        for leftover in all {
            let tolerance = evidence.policy(at: leftover.arose).vialToleranceMg
            guard leftover.isRunning || leftover.amount > tolerance else { continue }
            let own = wastings.filter { account.session(of: $0) == leftover.session }
            let inTime = try Milligrams.total(own.filter { $0.at <= leftover.due }.map(\.body.amountMg))
            let unwasted = try leftover.amount.subtracting(inTime)
            if !leftover.isRunning, unwasted <= tolerance {
                kept.append(leftover)
            } else if leftover.isOpen(at: evidence.now) {
                open.append(leftover)
            } else {
                faults.append(fault(of: leftover, unwasted, own.filter { $0.at > leftover.due }, evidence))
            }
        }
        faults.sort { $0.at < $1.at }
        if let first = faults.first {
            let policy = evidence.policy(at: first.at)
            let asked = policy.wasteWitnessRequired ? "policy \(policy.version) asks for a witness" : "policy \(policy.version)"
            return evidence.finding(
                .fail, "\(Phrase.list(faults.map(\.words)).sentenceCased); \(asked)", faults.flatMap(\.deciding), at: first.at)
        }
        if let pending = open.first { return undecided(pending, open, evidence) }
        return pass(kept, all, wastings, at: last, evidence)
    }

    // MARK: Faults

    private func fault(of wasting: Charted<DrugWasted>, _ evidence: Evidence) -> Fault? {
        guard evidence.policy(at: wasting.at).wasteWitnessRequired else { return nil }
        let fault: String
        if let witness = wasting.body.witness {
            if witness == wasting.actor {
                fault = "\(wasting.actor) alone, who is named as the witness too"
            } else if evidence.reference.staff(witness, at: wasting.at) == nil {
                fault = "\(wasting.actor) before \(witness), who was not enrolled then"
            } else {
                return nil
            }
        } else {
            fault = "\(wasting.actor) without a witness"
        }
        return Fault(
            at: wasting.at, words: "\(wasting.body.amountMg.withUnit) wasted \(wasting.at.dateAndClock) by \(fault)",
            deciding: [evidence.deciding(wasting)])
    }

    private func fault(
        of leftover: Leftover, _ unwasted: Milligrams, _ late: [Charted<DrugWasted>], _ evidence: Evidence
    ) -> Fault {
        let words: String
        if let first = late.first {
            let delay = Span.words(first.at.microseconds(since: leftover.arose))
            words =
                "of the \(leftover.amount.withUnit) left over at \(leftover.arose.dateAndClock), \(unwasted.withUnit) not wasted the same day: "
                + "\(first.body.amountMg.withUnit) wasted \(delay) later"
        } else {
            words =
                "of the \(leftover.amount.withUnit) left over at \(leftover.arose.dateAndClock), \(unwasted.withUnit) not wasted "
                + "by \(leftover.due.dateAndClock)"
        }
        return Fault(
            at: leftover.arose, words: words, deciding: source(leftover, evidence) + late.prefix(1).map { evidence.deciding($0) })
    }

    // MARK: No fault

    private func undecided(_ first: Leftover, _ open: [Leftover], _ evidence: Evidence) -> Finding {
        let sentence =
            first.isRunning
            ? "The infusion that \(first.drawn.withUnit) were drawn for at \(first.dispensings[0].at.dateAndClock) still runs"
            : "\(first.remaining.withUnit) left over at \(first.arose.dateAndClock), not wasted yet; due by \(first.due.dateAndClock)"
        return evidence.finding(
            .indeterminate, sentence, source(first, evidence), at: first.arose,
            reconsiderAt: open.filter { !$0.isRunning }.map(\.due).min())
    }

    private func pass(
        _ kept: [Leftover], _ all: [Leftover], _ wastings: [Charted<DrugWasted>], at last: Timestamp, _ evidence: Evidence
    ) -> Finding {
        let policy = evidence.policy(at: last)
        let witnessed = policy.wasteWitnessRequired ? "; policy \(policy.version) asks for a witness" : "; policy \(policy.version)"
        let deciding = all.flatMap { source($0, evidence) } + wastings.map { evidence.deciding($0) }
        let witnesses = Phrase.list(Set(wastings.compactMap(\.body.witness)).sorted())
        let before = witnesses.isEmpty ? "" : ", before \(witnesses)"
        let sentence: String
        if let first = kept.first, kept.count == 1 {
            sentence = "\(first.amount.withUnit) left over at \(first.arose.dateAndClock), wasted the same day\(before)"
        } else if kept.isEmpty {
            sentence = wastings.isEmpty ? "Nothing was left over of what was drawn" : "\(Phrase.count(wastings.count, "wasting"))\(before)"
        } else {
            sentence = "\(Phrase.count(kept.count, "leftover")) wasted the same day\(before)"
        }
        return evidence.finding(.pass, sentence + witnessed, deciding, at: last)
    }

    private func source(_ leftover: Leftover, _ evidence: Evidence) -> [DecidingEvent] {
        leftover.dispensings.map { evidence.deciding($0) } + (leftover.ended.map { [$0] } ?? [])
    }
}

extension VialAccount {
    /// The session that something wasted was left over from: the one that it names, else the one that was drawn for last by then.
    fileprivate func session(of wasting: Charted<DrugWasted>) -> UUID? {
        wasting.body.session
            ?? state.dispensings.last { ($0.at, $0.position) <= (wasting.at, wasting.position) }?.body.session
    }
}

extension Quantity {
    fileprivate static func total(_ amounts: [Quantity]) throws(QuantityError) -> Quantity {
        var total = Quantity.zero
        for amount in amounts { total = try total.adding(amount) }
        return total
    }
}
