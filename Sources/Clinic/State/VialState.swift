public import Canonical

/// What is true of one vial at an instant: a fold over the facts in force on its stream. What was *given* from it stands on the sessions.
public struct VialState: Sendable, Hashable {
    public private(set) var received: Charted<DrugReceived>?
    public private(set) var dispensings: [Charted<DrugDispensed>] = []
    public private(set) var wastings: [Charted<DrugWasted>] = []
    public private(set) var returns: [Charted<DrugReturned>] = []
    public private(set) var counts: [Charted<VialCounted>] = []
    public private(set) var losses: [Charted<DrugLossReported>] = []

    /// - Parameter until: the instant, inclusive; nil for the whole history.
    public init(_ history: History, until: Timestamp? = nil) {
        self = until.map { VialState(folding: history, until: $0) } ?? history.derived { VialState(folding: $0, until: nil) }
    }

    private init(folding history: History, until: Timestamp?) {
        for event in history.clinical {
            if let until, event.occurredAt > until { break }
            switch event.body {
            case .drugReceived(let body): received = received ?? Charted(event, body)
            case .drugDispensed(let body): dispensings.append(Charted(event, body))
            case .drugWasted(let body): wastings.append(Charted(event, body))
            case .drugReturned(let body): returns.append(Charted(event, body))
            case .vialCounted(let body): counts.append(Charted(event, body))
            case .drugLossReported(let body): losses.append(Charted(event, body))
            default: continue
            }
        }
    }

    /// A vial is known once it has been received.
    public var exists: Bool { received != nil }
}
