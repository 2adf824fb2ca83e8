import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Projections

/// Who saw what of whom: for those who audit, and for the patient who asks.
struct AccessRoutes: Sendable {
    let clinic: ClinicRoutes

    private var ledger: Ledger { clinic.database.ledger }

    func add(to router: Router<ServiceContext>) {
        let group = router.group("/v1/clinics/:clinic")
        group.get("access") { try await accesses($0, $1, patient: nil) }
        group.get("patients/:id/access") { try await accesses($0, $1, patient: try clinic.identifier($1)) }
        group.get("break-glass") { try await breakGlass($0, $1) }
    }

    /// Accesses in the order of the log: a page of them, or all as CSV. Of one patient: with the exports of the whole clinic, which may hold that
    /// patient too.
    private func accesses(_ request: Request, _ context: ServiceContext, patient: UUID?) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let query = Query(request)
        let limit = try query.limit(upTo: ClinicRoutes.maximumPage)
        var wanted = AccessQuery(patient: try patient ?? query.uuid("patient"), withExports: patient != nil, limit: limit + 1)
        wanted.actor = query.text("actor")
        wanted.type = try query.type("type").flatMap(EventType.init(rawValue:))
        wanted.period = try query.period
        wanted.after = try query.cursor(of: "access", \.int64) ?? 0
        let (asked, ledger) = (wanted, ledger)
        guard try wantsCSV(request, query) else {
            return try await list(log, query) {
                ListAnswer("access", try await ledger.accesses(of: log.clinic, asked), limit: limit) {
                    .number(JSONNumber($0.position))
                } json: {
                    $0.json
                }
            }
        }
        for wrong in ["limit", "cursor"] where query.text(wrong) != nil {
            throw query.problem(wrong, "goes with JSON only: CSV is the whole account")
        }
        try await clinic.wait(AccessReport.self, log.with(.access), query)
        // Made so far: that it is read is written down meanwhile.
        wanted.upTo = try await ledger.head(of: log.with(.access)).size
        return csv(wanted, log, patient)
    }

    /// A page, and how far the read model is. It has no tag: reading it is written down, so that it is never the same twice. `min_position` is one of
    /// the access log.
    private func list(_ log: LogName, _ query: Query, _ make: () async throws -> ListAnswer) async throws -> Response {
        try await clinic.wait(AccessReport.self, log.with(.access), query)
        let positions = try await ledger.servingPositions(of: AccessReport.self, clinic: log.clinic)
        var answer = try await make()
        answer.more["positions"] = positions.json
        return .json(answer.json)
    }

    private func wantsCSV(_ request: Request, _ query: Query) throws -> Bool {
        switch query.text("format") {
        case nil: request.headers.prefers("text/csv", to: "application/json")
        case "csv": true
        case "json": false
        default: throw query.problem("format", "must be json or csv")
        }
    }

    /// The next page is read when the client has taken the one before.
    private func csv(_ wanted: AccessQuery, _ log: LogName, _ patient: UUID?) -> Response {
        let ledger = ledger
        let name = patient.map { "access-\($0.lowercase)" } ?? "\(log.clinic)-access"
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(name).csv\"",
            ],
            body: .init { writer in
                var query = wanted
                query.limit = ClinicRoutes.maximumPage
                var lines = [AccessSummary.csvHeader]
                while true {
                    let page = try await ledger.accesses(of: log.clinic, query)
                    lines += page.map(\.csv)
                    try await writer.write(ByteBuffer(string: lines.map { $0 + "\r\n" }.joined()))
                    guard page.count == query.limit, let last = page.last else { break }
                    query.after = last.position
                    lines = []
                }
                try await writer.finish(nil)
            })
    }

    /// Emergency accesses, those that wait for a review by somebody else where `state` is `open`.
    private func breakGlass(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let query = Query(request)
        let state = query.text("state") ?? "all"
        guard ["all", "open"].contains(state) else { throw query.problem("state", "must be open or all") }
        let limit = try query.limit(upTo: ClinicRoutes.maximumPage)
        var wanted = BreakGlassQuery(limit: limit + 1)
        wanted.unreviewedOnly = state == "open"
        wanted.patient = try query.uuid("patient")
        wanted.period = try query.period
        wanted.after = try query.cursor(of: "break_glass", \.int64) ?? 0
        let (asked, ledger) = (wanted, ledger)
        return try await list(log, query) {
            ListAnswer("break_glass", try await ledger.breakGlass(of: log.clinic, asked), limit: limit) {
                .number(JSONNumber($0.position))
            } json: {
                $0.json
            }
        }
    }
}
