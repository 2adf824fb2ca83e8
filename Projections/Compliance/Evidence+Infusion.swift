import Canonical
import Clinic

extension InfusionRun {
    /// Whether it ran, paused or not, at an instant; both its ends count.
    func covers(_ instant: Timestamp) -> Bool {
        start.at <= instant && (end.map { instant <= $0 } ?? true)
    }
}

extension Evidence {
    /// The infusion that ran at an instant; the later one where one ends as the next starts.
    func run(at instant: Timestamp) -> InfusionRun? { session.runs.last { $0.covers(instant) } }
}

extension ChartEvent {
    var vitals: VitalsRecorded? {
        guard case .vitalsRecorded(let body) = body else { return nil }
        return body
    }
}

extension String {
    /// The first letter as a sentence starts.
    var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
