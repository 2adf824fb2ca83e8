import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Projections

/// The paths under `/v1/clinics/{clinic}`.
struct ClinicRoutes: Sendable {
    let database: Database
    var heartbeat = Ledger.idleInterval
    /// For reads that fold a whole clinic from its log.
    let heavy = Slots(2)

    /// Bytes in the body of a request.
    static let maximumBody = 2 << 20
    /// Events in one page.
    static let maximumPage = 1000
    /// Patients, sessions or audits in one page.
    static let maximumList = 200
    /// How long a read waits for `min_position`.
    static let patience: Duration = .seconds(5)

    func add(to router: Router<ServiceContext>) {
        let clinic = router.group("/v1/clinics/:clinic")
        clinic.post("events") { try await append($0, $1) }
        clinic.get("events") { try await events($0, $1) }
        clinic.get("events/:position") { try await event($0, $1) }
        clinic.get("events/live") { try await live($0, $1) }
        clinic.get("patients") { try await patients($0, $1) }
        clinic.get("patients/:id/chart") { try await chart($0, $1) }
        clinic.get("patients/:id/chart/diff") { try await diff($0, $1) }
        clinic.get("sessions") { try await sessions($0, $1) }
        clinic.get("sessions/:id") { try await session($0, $1) }
        clinic.get("compliance") { try await compliance($0, $1) }
        clinic.get("rules") { try await rules($0, $1) }
    }

    // MARK: - Reading

    private func patients(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let (text, limit, bounds) = (query.text("query") ?? "", try query.limit(upTo: ClinicRoutes.maximumList), try query.bounds)
        let after = try query.cursor(of: "patients", PatientSummary.init(place:))
        func answer(_ found: [PatientSummary]) -> ListAnswer { ListAnswer("patients", found, limit: limit, key: \.place, json: \.json) }
        let ledger = database.ledger
        guard bounds == History.Bounds() else {
            try await wait(PatientChart.self, log, query)
            let found = try await ledger.patients(matching: text, clinic: log.clinic, limit: limit + 1, bounds: bounds, after: after)
            return .json(answer(found).json)
        }
        return try await current(PatientChart.self, log, request) {
            answer(try await ledger.patients(matching: text, clinic: log.clinic, limit: limit + 1, after: after))
        }
    }

    private func chart(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let id = try identifier(context)
        let bounds = try query.bounds
        try await wait(PatientChart.self, log, query)
        let isCurrent = bounds == History.Bounds()
        let (document, marks): (String?, [String: Int64])
        if isCurrent {
            // Read before the document, which is as they say or newer.
            marks = try await database.ledger.chartMarks(of: id, clinic: log.clinic)
            let tag = EntityTag(PatientChart.self, marks)
            if !marks.isEmpty, tag.isKnown(to: request) { return .notModified(tag) }
            document = try await database.ledger.chartDocument(of: id, clinic: log.clinic)
        } else {
            let chart = try await database.ledger.chart(of: id, clinic: log.clinic, bounds: bounds)
            (document, marks) = (chart?.document, chart?.marks ?? [:])
        }
        guard let document else {
            throw ProblemResponse(.notFound, "unknown-patient", "This clinic has no such patient, or had none at that point.")
        }
        let tag = EntityTag(PatientChart.self, marks)
        if tag.isKnown(to: request) { return .notModified(tag) }
        guard context.isEmergency else { return .json(canonical: document).tagged(tag) }
        return .json(context.marked(try JSON.parse(document)))
    }

    private func rules(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try await knownLog(context)
        return .json(RuleSet.json)
    }

    private func compliance(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let limit = try query.limit(upTo: ClinicRoutes.maximumPage)
        let wanted = try complianceQuery(query, limit: limit + 1)
        let bounds = AsOf(
            record: try query.position("position"), access: try query.position("access_position"), knownAt: try query.time("known_at"),
            at: try query.time("at"))
        func answer(_ found: [Judgement]) -> ListAnswer {
            context.access?.shows(found.prefix(limit).compactMap(\.patient), as: "verdicts")
            var answer = ListAnswer("verdicts", found, limit: limit, key: \.place, json: \.json)
            answer.more["rule_set"] = .string(RuleSet.version)
            return answer
        }
        // Verifying the logs takes its time: only who asks for it gets it.
        if wanted.rule == LogIntegrity().id {
            let judgements = try await heavy.hold { try await database.ledger.integrity(of: log.clinic) }
            return .json(answer(judgements.filter { wanted.verdict == nil || $0.verdict == wanted.verdict }).json)
        }
        guard bounds == AsOf() else {
            try await wait(Compliance.self, log, query)
            let found = try await heavy.hold { try await database.ledger.judgements(of: log.clinic, wanted, asOf: bounds) }
            return .json(answer(found).json)
        }
        return try await current(Compliance.self, log, request) {
            answer(try await database.ledger.judgements(of: log.clinic, wanted))
        }
    }

    private func complianceQuery(_ query: Query, limit: Int) throws -> ComplianceQuery {
        var wanted = ComplianceQuery(session: try query.uuid("session"), rule: query.text("rule"), limit: limit)
        if let rule = wanted.rule, RuleSet.rule(rule) == nil {
            throw query.problem("rule", "is no rule; there are \(RuleSet.rules.map(\.id).joined(separator: ", "))")
        }
        if let verdict = query.text("verdict") {
            guard let known = Verdict(rawValue: verdict) else {
                throw query.problem("verdict", "must be one of \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            wanted.verdict = known
        }
        wanted.after = try query.cursor(of: "verdicts", Judgement.Place.init)
        return wanted
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

    /// An answer from the tables that serve, tagged by how far they are; 304 where the client has it already. `positions` says what it rests on.
    func current(
        _ projection: any Projection.Type, _ log: LogName, _ request: Request, _ make: () async throws -> ListAnswer
    ) async throws -> Response {
        try await currentObject(projection, log, request) { try await make().json }
    }

    func currentObject(
        _ projection: any Projection.Type, _ log: LogName, _ request: Request, _ make: () async throws -> JSON
    ) async throws -> Response {
        try await wait(projection, log, Query(request))
        let positions = try await database.ledger.servingPositions(of: projection, clinic: log.clinic)
        let tag = EntityTag(projection, positions)
        if tag.isKnown(to: request) { return .notModified(tag) }
        guard case .object(var members) = try await make() else { preconditionFailure("an answer is an object") }
        members["positions"] = positions.json
        return .json(.object(members)).tagged(tag)
    }

    /// Waits until the read model holds `min_position`, where the request asks for it: to read one's own write.
    func wait(_ projection: any Projection.Type, _ log: LogName, _ query: Query) async throws {
        guard let wanted = try query.position("min_position") else { return }
        try await database.ledger.waitForProjection(projection, of: log, position: wanted, limit: ClinicRoutes.patience)
    }
}

extension ServingPositions {
    /// `{"record","access"}`: up to which position of each log the read model is; a log that it takes nothing from is left out.
    var json: JSON {
        var members: [String: JSON] = [:]
        members["record"] = record.map { .number(JSONNumber($0)) }
        members["access"] = access.map { .number(JSONNumber($0)) }
        return .object(members)
    }
}
