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
    let database: Database

    static let maximumPage = 1000

    func add(to router: Router<ServiceContext>) {
        let clinic = router.group("/v1/clinics/:clinic")
        clinic.get("access") { try await list($0, $1, patient: nil) }
        clinic.get("patients/:id/access") { request, context in
            guard let id = UUID(canonical: try context.parameters.require("id")) else {
                throw ProblemResponse(.notFound, "not-found", "The id in the path must be a UUID.")
            }
            return try await list(request, context, patient: id)
        }
        clinic.get("break-glass") { try await breakGlass($0, $1) }
    }

    /// Accesses in the order of the log, by page. Of one patient: with the exports of the whole clinic, which may hold that patient too.
    private func list(_ request: Request, _ context: ServiceContext, patient: UUID?) async throws -> Response {
        let (clinic, query) = (try context.parameters.require("clinic"), Query(request))
        var wanted = AccessQuery(
            patient: try patient ?? query.uuid("patient"), withExports: patient != nil, limit: try query.limit(upTo: Self.maximumPage))
        wanted.actor = query.text("actor")
        wanted.type = try query.type("type").flatMap(EventType.init(rawValue:))
        (wanted.from, wanted.to) = (try query.time("from"), try query.time("to"))
        wanted.after = try query.position("after") ?? 0
        let format = query.text("format") ?? "json"
        guard ["json", "csv"].contains(format) else { throw query.problem("format", "must be json or csv") }
        try await wait(clinic, query)
        let found = try await database.ledger.accesses(of: clinic, wanted)
        let next = found.count == wanted.limit ? found.last?.position : nil
        if format == "csv" {
            let text = ([AccessSummary.csvHeader] + found.map(\.csv)).map { $0 + "\r\n" }.joined()
            var headers: HTTPFields = [.contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store"]
            if let next { headers[HTTPField.Name("Dripline-Next-After")!] = String(next) }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        var members: [String: JSON] = ["access": .array(found.map(\.json))]
        members["next_after"] = next.map { .number(JSONNumber($0)) }
        return .json(.object(members))
    }

    /// Emergency accesses, those that wait for a review where `state` is `open`.
    private func breakGlass(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let (clinic, query) = (try context.parameters.require("clinic"), Query(request))
        let state = query.text("state") ?? "all"
        guard ["all", "open"].contains(state) else { throw query.problem("state", "must be open or all") }
        let limit = try query.limit(upTo: Self.maximumPage)
        try await wait(clinic, query)
        let found = try await database.ledger.breakGlass(of: clinic, unreviewedOnly: state == "open", limit: limit)
        return .json(["break_glass": .array(found.map(\.json))])
    }

    /// `min_position` is one of the access log here.
    private func wait(_ clinic: String, _ query: Query) async throws {
        guard let wanted = try query.position("min_position"), let log = LogName(clinic: clinic, kind: .access) else { return }
        try await database.ledger.waitForProjection(AccessReport.self, of: log, position: wanted, limit: ClinicRoutes.patience)
    }
}
