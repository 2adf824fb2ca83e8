import Canonical
import Clinic
import Foundation

extension Chart.Session {
    /// The story in a few lines: label and text.
    var facts: [(String, String)] {
        var facts: [(String, String)] = []
        if let booked = state.booked?.body {
            let chair = booked.chair.map { ", chair \($0)" } ?? ""
            facts.append(("Booked" + marks([state.booked?.id]), "\(booked.scheduledAt.dateAndClock), \(booked.durationMin) min\(chair)"))
        }
        if let cancelled = state.cancellation {
            facts.append(
                ("Cancelled" + marks([cancelled.id]), "\(cancelled.at.dateAndClock) by \(cancelled.actor): \(cancelled.body.reason)"))
        }
        if let arrival = state.arrival {
            let height = arrival.body.heightCm.map { ", \($0.withUnit)" } ?? ""
            facts.append(("Arrived" + marks([arrival.id]), "\(arrival.at.clock), \(arrival.body.weightKg.withUnit)\(height)"))
            if let fasting = fasting(arrival.body) { facts.append(("Fasting", fasting)) }
        }
        for assessment in state.assessments { facts.append(("Assessed" + marks([assessment.id]), words(assessment))) }
        let lines = self.lines
        if !lines.isEmpty {
            facts.append(("IV" + marks(state.failedAttempts.map(\.id) + state.lines.flatMap { [$0.inserted.id, $0.removed?.id] }), lines))
        }
        for (index, run) in state.runs.enumerated() {
            let marks = marks([run.start.id, run.stop?.id] + run.adjustments.map(\.id))
            facts.append(((state.runs.count == 1 ? "Infusion" : "Infusion \(index + 1)") + marks, words(run)))
        }
        if state.runs.count > 1, let given { facts.append(("In all", given.withUnit + perKilogram)) }
        let boluses = state.runs.flatMap(\.allBoluses)
        if !boluses.isEmpty { facts.append(("Bolus" + marks(boluses.map(\.event)), boluses.map(words).joined(separator: "; "))) }
        if !state.medications.isEmpty {
            facts.append(("Medication" + marks(state.medications.map(\.id)), state.medications.map(words).joined(separator: "; ")))
        }
        if !state.sideEffects.isEmpty {
            let marks = marks(state.sideEffects.flatMap { [$0.observed.id, $0.resolved?.id] })
            facts.append(("Side effects" + marks, state.sideEffects.map(words).joined(separator: "; ")))
        }
        for waiver in state.waivers {
            let body = waiver.body
            let span = "\(body.from.clock(besides: at ?? body.from))–\(body.to.clock(besides: body.from))"
            facts.append(("Waiver" + marks([waiver.id]), "rule \(body.rule), \(span), by \(waiver.actor): \(body.reason)"))
        }
        if let score = state.recoveryScores.last {
            let former = state.recoveryScores.dropLast().map { "\($0.body.total) at \($0.at.clock)" }
            let before = former.isEmpty ? "" : ", before it \(former.joined(separator: ", "))"
            facts.append(
                (
                    "Recovery" + marks(state.recoveryScores.map(\.id)),
                    "\(score.body.scale.label) \(score.body.total)/10 at \(score.at.clock)\(before)"
                ))
        }
        for driver in state.drivers where driver.body.stage == .release {
            facts.append(
                (
                    "Driver" + marks([driver.id]),
                    "\(driver.body.name) (\(driver.body.relationship)), \(driver.body.method.words), \(driver.at.clock)"
                ))
        }
        for exemption in state.driverExemptions {
            facts.append(
                ("Driver" + marks([exemption.id]), "not needed, by \(exemption.body.by), \(exemption.at.clock): \(exemption.body.reason)"))
        }
        if let discharge = state.discharge {
            let released = discharge.body.releasedTo.map { ", released to \($0)" } ?? ""
            facts.append(
                (
                    "Discharged" + marks([discharge.id]),
                    "\(discharge.at.clock) by \(discharge.actor), \(discharge.body.condition)\(released)"
                ))
        }
        return facts
    }

    private func marks(_ ids: [UUID?]) -> String { Annotations.marks(entries, of: ids.compactMap(\.self)) }

    /// How long before the first start, else the arrival, the patient last ate and drank, of what is charted.
    private func fasting(_ body: PatientArrived) -> String? {
        let (until, what) = startedAt.map { ($0, "the start") } ?? (state.arrival?.at, "the arrival")
        let meals = [
            ("clear liquids", body.lastClearLiquidAt), ("light meal", body.lastLightMealAt), ("heavy meal", body.lastHeavyMealAt),
        ]
        let words = meals.compactMap { name, time -> String? in
            guard let time, let until else { return nil }
            return "\(name) \(time.clock(besides: until)) (\(Span.words(until.microseconds(since: time))))"
        }
        return words.isEmpty ? nil : words.joined(separator: ", ") + " before " + what
    }

    private func words(_ assessment: Charted<PreInfusionAssessed>) -> String {
        let body = assessment.body
        let test = body.pregnancyTest.map { ", pregnancy test \($0.words)" } ?? ""
        let note = body.note.map { "; \($0)" } ?? ""
        let orientation = body.oriented ? "oriented" : "NOT ORIENTED"
        return "\(assessment.at.clock) by \(assessment.actor): pain \(body.painNrs)/10, \(orientation)\(test)\(note)"
    }

    /// Lines that went in, and attempts that failed.
    private var lines: String {
        let failed = state.failedAttempts.map { attempt in
            let body = attempt.body
            return "failed \(attempt.at.clock), \(body.gauge) G \(body.side.rawValue) \(body.site.label): \(body.reason)"
        }
        let inserted = state.lines.map { line in
            let body = line.inserted.body
            let tries = body.attempts == 1 ? "" : ", \(Phrase.count(body.attempts, "attempt"))"
            let end = line.removed.map { "–\($0.at.clock)\($0.body.intact ? "" : ", NOT INTACT")" } ?? "–, still in"
            return "\(body.gauge) G \(body.side.rawValue) \(body.site.label)\(tries), \(line.inserted.at.clock)\(end)"
        }
        return (failed + inserted).joined(separator: "; ")
    }

    private func words(_ bolus: Bolus) -> String {
        let over = bolus.over.map { $0 == .zero ? " as a push" : " over \($0.withUnit)" } ?? " at the start"
        let reason = bolus.reason.map { " (\($0))" } ?? ""
        return "\(bolus.dose.withUnit)\(over), \(bolus.at.clock)\(reason), by \(bolus.orderedBy)"
    }

    private func words(_ medication: Charted<MedicationGiven>) -> String {
        let body = medication.body
        return
            "\(body.drug) \(body.dose) \(body.unit.label) \(body.route.label), \(medication.at.clock) for \(body.indication), by \(body.orderedBy)"
    }

    private var perKilogram: String { givenPerKilogram.map { " (\($0.withUnit))" } ?? "" }

    private func words(_ run: InfusionRun) -> String {
        let body = run.start.body
        let end = run.end.map { $0.clock(besides: run.start.at) } ?? "running"
        let length = run.end.map { ", " + Span.words($0.microseconds(since: run.start.at)) } ?? ""
        let highest = run.segments.map(\.rate).max() ?? body.rateMgPerH
        let known = run.end ?? max(lastOccurredAt ?? run.start.at, run.start.at)
        let amount = (try? run.given(at: known)).map { "\($0.withUnit) given" + (state.runs.count == 1 ? perKilogram : "") } ?? ""
        let times = "\(run.start.at.clock)–\(end)\(length)"
        return "\(body.drug) \(body.concentrationMgPerMl.withUnit), \(times); \(amount), up to \(highest.withUnit); by \(body.prescriber)"
    }

    private func words(_ course: SideEffectCourse) -> String {
        let body = course.observed.body
        let name = body.effect == .other ? body.note ?? "other" : body.effect.label
        let end = course.resolved.map { "–\($0.at.clock(besides: course.observed.at))" } ?? ", open"
        return "\(name) grade \(body.grade) (\(course.observed.at.clock)\(end))"
    }
}
