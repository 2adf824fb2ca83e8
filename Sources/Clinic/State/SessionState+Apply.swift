extension SessionState {
    mutating func apply(_ event: ChartEvent) {
        knownUntil = event.occurredAt
        if let override = event.override {
            overrides.append(
                GateOverride(
                    event: event.id, position: event.position, type: event.body.type, at: event.occurredAt, actor: event.actor,
                    override: override))
        }
        switch event.body {
        case .sessionBooked(let body): booked = Charted(event, body)
        case .sessionCancelled(let body): cancellation = Charted(event, body)
        case .patientArrived(let body): arrival = Charted(event, body)
        case .preInfusionAssessed(let body): assessments.append(Charted(event, body))
        case .ivAttemptFailed(let body): failedAttempts.append(Charted(event, body))
        case .ivInserted(let body): lines.append(IVLine(inserted: Charted(event, body)))
        case .ivRemoved(let body): remove(Charted(event, body))
        case .infusionStarted(let body): start(Charted(event, body))
        case .doseAdjusted(let body):
            guard run != nil else { return }
            runs[runs.count - 1].adjustments.append(Charted(event, body))
        case .bolusGiven(let body):
            guard run != nil else { return }
            runs[runs.count - 1].boluses.append(Charted(event, body))
        case .infusionStopped(let body):
            guard run != nil else { return }
            runs[runs.count - 1].stop = Charted(event, body)
            runs[runs.count - 1].end = event.occurredAt
        case .sideEffectObserved(let body): sideEffects.append(SideEffectCourse(observed: Charted(event, body)))
        case .sideEffectResolved(let body):
            guard let index = sideEffects.firstIndex(where: { $0.observed.id == body.observed && $0.resolved == nil }) else { return }
            sideEffects[index].resolved = Charted(event, body)
        case .medicationGiven(let body): medications.append(Charted(event, body))
        case .waiverNoted(let body): waivers.append(Charted(event, body))
        case .recoveryScored(let body): recoveryScores.append(Charted(event, body))
        case .driverConfirmed(let body): drivers.append(Charted(event, body))
        case .driverExempted(let body): driverExemptions.append(Charted(event, body))
        case .dischargeOrdered(let body): dischargeOrders.append(Charted(event, body))
        case .discharged(let body): discharge = discharge ?? Charted(event, body)
        default: return
        }
    }

    /// The line at the charted site and side; where none is, the last one in: a slip in the site must not leave a line in for ever.
    private mutating func remove(_ removal: Charted<IVRemoved>) {
        let matching = lines.lastIndex {
            $0.isIn && $0.inserted.body.site == removal.body.site && $0.inserted.body.side == removal.body.side
        }
        guard let index = matching ?? lines.lastIndex(where: \.isIn) else { return }
        lines[index].removed = removal
    }

    private mutating func start(_ start: Charted<InfusionStarted>) {
        if run != nil { runs[runs.count - 1].end = start.at }
        runs.append(InfusionRun(start: start))
    }
}
