import Canonical
import Ledger
import Projections

/// Whether each part that the service stands on does its work, wherever it runs: what the database shows counts, not which process does it.
struct Readiness: Sendable {
    enum Part: String, CaseIterable, Sendable {
        case database, projections, sealer, witness
    }

    /// How old an event may be that no checkpoint covers.
    static let sealPatience = 15.0
    /// How long a witness may be away.
    static let witnessPatience: Duration = .seconds(60)
    /// How long the database may take to answer. Short: whoever asks has a time limit of their own.
    static let patience: Duration = .seconds(2)

    /// What is wrong with each part that was asked; nil where nothing is. A part that this process knows nothing of is missing.
    let faults: [Part: String?]
    /// Events that the read model furthest behind doesn't hold yet.
    let lag: Int64?

    /// Without these nothing can be served. A sealer or a witness that is away stops nobody from charting: it shows here, and in the metrics.
    static let needed: Set<Part> = [.database, .projections]

    var firstNeeded: (part: Part, fault: String)? {
        for part in Part.allCases where Self.needed.contains(part) {
            if let fault = faults[part] ?? nil { return (part, fault) }
        }
        return nil
    }

    static func judge(
        _ database: Database, witnesses: WitnessCollector?, sealPatience: Double = sealPatience
    ) async -> Readiness {
        let found = await withinTime(patience) { await look(database.ledger, sealPatience) } ?? .withoutDatabase
        guard let witnesses else { return found }
        var faults = found.faults
        let missing = await witnesses.unanswered(for: witnessPatience)
        faults[.witness] = .some(missing == 0 ? nil : "\(missing) of the witnesses have not answered for a minute")
        return Readiness(faults: faults, lag: found.lag)
    }

    private static let withoutDatabase = Readiness(faults: [.database: "the database cannot be reached"], lag: nil)

    private static func look(_ ledger: Ledger, _ sealPatience: Double) async -> Readiness {
        do {
            let status = try await ledger.projectionStatus()
            let hasRecord = try await ledger.heads().contains { $0.log.kind == .record }
            let late = try await ledger.sealLag().filter { $0.seconds > sealPatience }
            var projections: String?
            if status.isEmpty, hasRecord { projections = "no projector has run yet" }
            if let outdated = status.first(where: \.isOutdated) { projections = "\(outdated.name) is being rebuilt" }
            let sealer =
                late.isEmpty
                ? nil : "events of \(late.count) logs, the oldest of \(Int(late.map(\.seconds).max() ?? 0)) s ago, are in no checkpoint"
            return Readiness(
                faults: [.database: String?.none, .projections: projections, .sealer: sealer], lag: status.map(\.lag).max() ?? 0)
        } catch {
            return withoutDatabase
        }
    }

    func json(_ part: Part) -> JSON? {
        guard let fault = faults[part] else { return nil }
        guard let fault else { return ["status": "ready"] }
        return ["status": "not ready", "detail": .string(fault)]
    }

    var json: JSON {
        var members: [String: JSON] = [
            "status": "ready",
            "parts": .object(
                Dictionary(uniqueKeysWithValues: Part.allCases.compactMap { part in json(part).map { (part.rawValue, $0) } })),
        ]
        if let (part, fault) = firstNeeded {
            members["status"] = "not ready"
            members["part"] = .string(part.rawValue)
            members["detail"] = .string(fault)
        }
        if let lag { members["projection_lag_events"] = .number(JSONNumber(lag)) }
        return .object(members)
    }
}
