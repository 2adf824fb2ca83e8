import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Projections

/// The paths under `/v1/clinics/{clinic}` that read views for reports: any of them by its name, and those that clinics ask for most by paths of their own.
struct ReportRoutes: Sendable {
    let clinic: ClinicRoutes
    let slots = Slots(4)

    func add(to router: Router<ServiceContext>) {
        let group = router.group("/v1/clinics/:clinic")
        group.get("reports") { try await all($0, $1) }
        group.get("reports/:name") { try await report($0, $1) }
        group.get("drugs") { try await list("drugs", of: "drug_vials", DrugLedger.self, $0, $1) }
        group.get("drugs/:id") { try await vial($0, $1) }
        group.get("outcomes") { try await list("outcomes", of: "outcome_series", Outcomes.self, by: "patient", $0, $1) }
        group.get("patients/:id/outcomes") { try await outcome($0, $1) }
        group.get("schedule") { try await list("visits", of: "schedule", Schedule.self, by: "patient", $0, $1) }
    }

    private var reports: Reports { Reports(clinic.database.settings, logger: clinic.database.logger) }

    /// What reports there are.
    private func all(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try await clinic.knownLog(context)
        let found = try await slots.hold { try await reports.all() }
        return .json(["reports": .array(found.map(\.json))])
    }

    // MARK: - By name

    private func report(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let name = try context.parameters.require("name")
        let query = Query(request)
        let format = try format(request, query)
        let period = try query.period
        for projection in allProjections { try await clinic.wait(projection, log, query) }
        guard format == .json else { return try await stream(name, log, format, period, query) }
        let page = try await page(name, log, period, [:], query)
        return .json(ListAnswer("rows", items: page.rows, next: page.next).json)
    }

    private enum Format: String, CaseIterable {
        /// A page.
        case json
        /// The whole of it.
        case csv, ndjson

        var contentType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv; charset=utf-8; header=present"
            case .ndjson: "application/x-ndjson"
            }
        }
    }

    private func format(_ request: Request, _ query: Query) throws -> Format {
        if let text = query.text("format") {
            guard let format = Format(rawValue: text) else { throw query.problem("format", "must be json, csv or ndjson") }
            return format
        }
        if request.headers.prefers("text/csv", to: "application/json") { return .csv }
        return request.headers.prefers("application/x-ndjson", to: "application/json") ? .ndjson : .json
    }

    private func stream(
        _ name: String, _ log: LogName, _ format: Format, _ period: ReportPeriod, _ query: Query
    ) async throws -> Response {
        for wrong in ["limit", "cursor"] where query.text(wrong) != nil {
            throw query.problem(wrong, "goes with JSON only: CSV and NDJSON are the whole report")
        }
        // Whether there is such a report has to be known before the answer begins.
        let (reports, slots) = (self.reports, self.slots)
        _ = try await slots.hold { try await reports.page(name, clinic: log, period: period, limit: 1) }
        let file = format == .csv ? "attachment; filename=\"\(log.clinic)-\(name).csv\"" : nil
        var headers: HTTPFields = [.contentType: format.contentType, .cacheControl: "no-store"]
        headers[.contentDisposition] = file
        return Response(
            status: .ok, headers: headers,
            body: .init { writer in
                try await slots.hold {
                    try await reports.stream(name, clinic: log, format: format == .csv ? .csv : .json, period: period) { piece in
                        try await writer.write(ByteBuffer(string: piece))
                    }
                }
                try await writer.finish(nil)
            })
    }

    private func page(
        _ name: String, _ log: LogName, _ period: ReportPeriod, _ matching: [String: UUID], _ query: Query, list: String = "rows"
    ) async throws -> ReportPage {
        let limit = try query.limit(upTo: ClinicRoutes.maximumPage)
        let key = try query.cursor(of: list) { $0 }
        do {
            return try await slots.hold {
                try await reports.page(name, clinic: log, period: period, matching: matching, after: key, limit: limit)
            }
        } catch ReportError.foreignKey {
            throw query.problem("cursor", "must be next of the page before, as it is")
        }
    }

    // MARK: - By paths of their own

    /// A page of a view, tagged by how far its read model is.
    private func list(
        _ list: String, of view: String, _ projection: any Projection.Type, by column: String? = nil, _ request: Request,
        _ context: ServiceContext
    ) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let query = Query(request)
        let matching = try column.map { column in try query.uuid(column).map { [column: $0] } ?? [:] } ?? [:]
        let period = try query.period
        return try await clinic.current(projection, log, request) {
            let page = try await page(view, log, period, matching, query, list: list)
            if context.access?.operation == .readOutcomes {
                context.access?.shows(page.rows.compactMap { $0["patient"]?.text.flatMap(UUID.init(canonical:)) }, as: list)
            }
            return ListAnswer(list, items: page.rows, next: page.next)
        }
    }

    /// One vial's account and its movements.
    private func vial(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let id = try clinic.identifier(context)
        let query = Query(request)
        return try await clinic.current(DrugLedger.self, log, request) {
            let found = try await slots.hold { try await reports.page("drug_vials", clinic: log, matching: ["vial": id], limit: 1) }
            guard let vial = found.rows.first else { throw ProblemResponse(.notFound, "unknown-vial", "This clinic has no such vial.") }
            let movements = try await page("drug_movements", log, ReportPeriod(), ["vial": id], query, list: "movements")
            var answer = ListAnswer("movements", items: movements.rows, next: movements.next)
            answer.more = ["vial": vial]
            return answer
        }
    }

    /// How one patient fares: each series, each session, and the burden over time.
    private func outcome(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let id = try clinic.identifier(context)
        return try await clinic.currentObject(Outcomes.self, log, request) {
            var members: [String: JSON] = ["patient": .string(id.lowercase)]
            try await slots.hold {
                for (name, view) in [("series", "outcome_series"), ("sessions", "outcome_sessions"), ("burdens", "outcome_burdens")] {
                    let limit = ClinicRoutes.maximumPage
                    members[name] = .array(try await reports.page(view, clinic: log, matching: ["patient": id], limit: limit).rows)
                }
            }
            guard members.values.contains(where: { $0.elements?.isEmpty == false }) else {
                throw ProblemResponse(.notFound, "unknown-patient", "Nothing is charted on how such a patient fares.")
            }
            return .object(members)
        }
    }
}
