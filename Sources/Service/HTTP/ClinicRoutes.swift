import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore
import Projections

/// The paths under `/v1/clinics/{clinic}`.
struct ClinicRoutes: Sendable {
    let database: Database

    /// Bytes in the body of a request.
    static let maximumBody = 2 << 20
    /// Events in one page.
    static let maximumPage = 1000
    /// How long a read waits for `min_position`.
    static let patience: Duration = .seconds(5)

    func add(to router: Router<ServiceContext>) {
        let clinic = router.group("/v1/clinics/:clinic")
        clinic.post("events") { try await append($0, $1) }
        clinic.get("events") { try await events($0, $1) }
        clinic.get("events/live") { try await live($0, $1) }
        clinic.get("patients") { try await patients($0, $1) }
        clinic.get("patients/:id/chart") { try await chart($0, $1) }
        clinic.get("patients/:id/chart/diff") { try await diff($0, $1) }
        clinic.get("sessions") { try await sessions($0, $1) }
        clinic.get("sessions/:id") { try await session($0, $1) }
        clinic.get("compliance") { try await compliance($0, $1) }
    }

    // MARK: - Reading

    private func events(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        let log = try await knownLog(context).with(try query.log())
        let bounds = try query.bounds
        // `until` is the older name of `position`.
        let upTo = [bounds.position, try query.position("until")].compactMap(\.self).min()
        let wanted = EventQuery(
            after: try query.position("after") ?? 0, upTo: upTo, stream: try query.stream("stream"), type: try query.type("type"),
            occurredBy: bounds.at, recordedBy: bounds.knownAt, limit: try query.limit(upTo: ClinicRoutes.maximumPage))
        let events = try await database.ledger.events(of: log, wanted)
        try await context.access?.shows(events, of: log, database.ledger)
        var members: [String: JSON] = ["events": .array(events.map(\.json))]
        if events.count == wanted.limit, let last = events.last { members["next_after"] = .number(JSONNumber(last.position)) }
        return .json(.object(members))
    }

    private func patients(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let (text, limit, bounds) = (query.text("query") ?? "", try query.limit(upTo: 200), try query.bounds)
        try await wait(PatientChart.self, log, query)
        let found =
            bounds == History.Bounds()
            ? try await database.ledger.patients(matching: text, clinic: log.clinic, limit: limit)
            : try await database.ledger.patients(matching: text, clinic: log.clinic, limit: limit, bounds: bounds)
        return .json(["patients": .array(found.map(\.json))])
    }

    private func chart(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let id = try identifier(context)
        try await wait(PatientChart.self, log, query)
        let bounds = try query.bounds
        let chart =
            bounds == History.Bounds()
            ? try await database.ledger.chart(of: id, clinic: log.clinic)
            : try await database.ledger.chart(of: id, clinic: log.clinic, bounds: bounds)
        guard let chart else {
            throw ProblemResponse(.notFound, "unknown-patient", "This clinic has no such patient, or had none at that point.")
        }
        return .json(context.marked(chart.json))
    }

    private func compliance(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        try await wait(Compliance.self, log, query)
        var wanted = ComplianceQuery(session: try query.uuid("session"), rule: query.text("rule"))
        if let rule = wanted.rule, RuleSet.rule(rule) == nil {
            throw query.problem("rule", "is no rule; there are \(RuleSet.rules.map(\.id).joined(separator: ", "))")
        }
        if let verdict = query.text("verdict") {
            guard let known = Verdict(rawValue: verdict) else {
                throw query.problem("verdict", "must be one of \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            wanted.verdict = known
        }
        let bounds = AsOf(
            record: try query.position("position"), access: try query.position("access_position"), knownAt: try query.time("known_at"),
            at: try query.time("at"))
        var judgements =
            bounds == AsOf()
            ? try await database.ledger.judgements(of: log.clinic, wanted)
            : try await database.ledger.judgements(of: log.clinic, wanted, asOf: bounds)
        // Verifying the logs takes its time: only who asks for it gets it.
        if wanted.rule == LogIntegrity().id {
            judgements += try await database.ledger.integrity(of: log.clinic).filter {
                wanted.verdict == nil || $0.verdict == wanted.verdict
            }
        }
        context.access?.shows(judgements.compactMap(\.patient), as: "verdicts")
        return .json(["rule_set": .string(RuleSet.version), "verdicts": .array(judgements.map(\.json))])
    }

    // MARK: - Shared

    func logName(_ context: ServiceContext) throws -> LogName {
        guard let log = LogName(clinic: try context.parameters.require("clinic")) else {
            throw ProblemResponse(.notFound, "unknown-clinic", "A clinic's name is 1 to 63 of a-z, 0-9 and -.")
        }
        return log
    }

    /// The record of a clinic for which something was recorded, in whichever log.
    func knownLog(_ context: ServiceContext) async throws -> LogName {
        let log = try logName(context)
        for kind in LogName.Kind.allCases where try await database.ledger.number(of: log.with(kind)) != nil { return log }
        throw LedgerError.unknownLog(log)
    }

    func identifier(_ context: ServiceContext) throws -> UUID {
        guard let id = UUID(canonical: try context.parameters.require("id")) else {
            throw ProblemResponse(.notFound, "not-found", "The id in the path must be a UUID.")
        }
        return id
    }

    /// Waits until the read model holds `min_position`, where the request asks for it: to read one's own write.
    func wait(_ projection: any Projection.Type, _ log: LogName, _ query: Query) async throws {
        guard let wanted = try query.position("min_position") else { return }
        try await database.ledger.waitForProjection(projection, of: log, position: wanted, limit: ClinicRoutes.patience)
    }
}
