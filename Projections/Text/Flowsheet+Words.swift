import Clinic

extension Flowsheet {
    /// What an entry says in the column of events; nil where its values say it all.
    func words(_ entry: Chart.Entry) -> (text: String, tone: Tone)? {
        switch entry.body {
        case .vitalsRecorded(let body): vitals(body)
        case .patientArrived(let body): ("arrived, \(body.weightKg.withUnit)", .normal)
        case .ivInserted(let body):
            (
                "IV in, \(body.gauge) G \(body.side.rawValue) \(body.site.label)\(body.patent ? "" : ", not patent")",
                body.patent ? .normal : .warning
            )
        case .ivRemoved(let body): ("IV out\(body.intact ? "" : ", NOT INTACT")", body.intact ? .normal : .bad)
        case .infusionStarted(let body): ("start\(body.bolusMg.map { ", bolus \($0.withUnit)" } ?? "")", .strong)
        case .doseAdjusted(let body): (change(body), .strong)
        case .infusionStopped(let body):
            ("stop (\(body.reason.words)), \(body.totalMg.withUnit)", body.reason == .adverseEvent ? .bad : .strong)
        case .sideEffectObserved(let body): (observed(body), body.grade >= 3 ? .bad : .warning)
        case .sideEffectResolved(let body): ("\(body.effect.label) resolved", .good)
        case .recoveryScored(let body): ("\(body.scale.label) \(body.total)/10", .normal)
        case .driverConfirmed(let body):
            (
                "driver \(body.stage == .release ? "at release" : "expected")\(body.adult ? "" : ", NOT AN ADULT")",
                body.adult ? .normal : .warning
            )
        case .dischargeOrdered(let body): ("discharge ordered by \(body.by)", .normal)
        case .discharged: ("discharged", .strong)
        case .noteRecorded: ("note", .normal)
        case .sessionCancelled(let body): ("cancelled: \(body.reason)", .warning)
        case .preInfusionAssessed(let body): (assessed(body), body.oriented && body.pregnancyTest != .positive ? .normal : .warning)
        case .ivAttemptFailed(let body): ("IV attempt failed, \(body.gauge) G \(body.side.rawValue) \(body.site.label)", .warning)
        case .bolusGiven(let body): ("bolus \(body.doseMg.withUnit) (\(body.reason))", .strong)
        case .medicationGiven(let body): ("\(body.drug) \(body.dose) \(body.unit.label) \(body.route.label)", .normal)
        case .driverExempted(let body): ("driver not needed, by \(body.by)", .warning)
        case .waiverNoted(let body):
            ("waiver of \(body.rule) \(body.from.clock(besides: entry.event.occurredAt))–\(body.to.clock(besides: body.from))", .warning)
        default: nil
        }
    }

    /// What was measured beyond the columns, and why something is missing.
    private func vitals(_ body: VitalsRecorded) -> (text: String, tone: Tone)? {
        var parts: [String] = []
        if let temperature = body.temperatureC { parts.append(temperature.withUnit) }
        if let etco2 = body.etco2Mmhg { parts.append("EtCO2 \(etco2)") }
        if let rass = body.rass { parts.append("RASS \(rass)") }
        if let oxygen = body.oxygenLPerMin, oxygen > .zero { parts.append("O2 \(oxygen.withUnit)") }
        for measurement in VitalsRecorded.Measurement.allCases {
            if let reason = body.absent?[measurement] { parts.append("no \(measurement.label): \(reason)") }
        }
        return parts.isEmpty ? nil : (parts.joined(separator: ", "), .normal)
    }

    private func assessed(_ body: PreInfusionAssessed) -> String {
        let test = body.pregnancyTest.map { $0 == .positive ? ", PREGNANCY TEST POSITIVE" : "" } ?? ""
        return "assessed, pain \(body.painNrs)/10\(body.oriented ? "" : ", NOT ORIENTED")\(test)"
    }

    private func change(_ body: DoseAdjusted) -> String {
        let step =
            body.toRateMgPerH == .zero
            ? "pause" : body.fromRateMgPerH == .zero ? "resume" : "\(body.fromRateMgPerH) → \(body.toRateMgPerH)"
        return step == body.reason.rawValue ? step : "\(step) (\(body.reason.words))"
    }

    private func observed(_ body: SideEffectObserved) -> String {
        let effect = body.effect == .other ? body.note ?? "other" : body.effect.label
        return "\(effect), grade \(body.grade)" + (body.action == .none ? "" : " → \(body.action.rawValue)")
    }
}
