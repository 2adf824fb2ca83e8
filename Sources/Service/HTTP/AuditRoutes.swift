import Canonical
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Projections
import Tlog

/// The paths under `/v1/clinics/{clinic}/audits`: reports that anybody can make again from the same positions, to the byte.
struct AuditRoutes: Sendable {
    let clinic: ClinicRoutes
    let desk: AuditDesk

    /// How long an answer waits for a report that is being made, unless `Prefer: wait` says otherwise.
    static let patience = 5
    static let maximumPatience = 25

    static let markdown = "text/markdown; charset=utf-8"

    func add(to router: Router<ServiceContext>) {
        let audits = router.group("/v1/clinics/:clinic/audits")
        audits.get("/") { try await checkpoints($0, $1) }
        audits.get("latest") { try await latest($0, $1) }
        audits.get(":position") { try await report($0, $1) }
    }

    /// What can be audited: the checkpoints of the record, the newest first, each with the address of its report.
    private func checkpoints(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let query = Query(request)
        let limit = try query.limit(upTo: ClinicRoutes.maximumList)
        let before = try query.cursor(of: "audits", \.int64)
        let found = try await clinic.database.ledger.checkpoints(of: log, before: before, limit: limit + 1)
        let answer = ListAnswer("audits", found, limit: limit) {
            .number(JSONNumber($0.size))
        } json: { checkpoint in
            [
                "position": .number(JSONNumber(checkpoint.size)), "root": .string(checkpoint.root.base64),
                "signed_at": .string(checkpoint.signedAt.description), "witnesses": .array(checkpoint.witnesses.map { .string($0) }),
                "url": .string("/v1/clinics/\(log.clinic)/audits/\(checkpoint.size)"),
            ]
        }
        return .json(answer.json)
    }

    /// Leads to the report on all there is now: an address with both positions, which stays good.
    private func latest(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        // Refused here rather than behind the redirect.
        let query = Query(request)
        _ = try (days(query), wantsMarkdown(request, query))
        let (record, access) = try await sizes(log)
        var address = "/v1/clinics/\(log.clinic)/audits/\(record)?access_position=\(access)"
        if let rest = request.uri.query, !rest.isEmpty { address += "&\(rest)" }
        return Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
    }

    private func sizes(_ log: LogName) async throws -> (record: Int64, access: Int64) {
        let ledger = clinic.database.ledger
        return (try await ledger.head(of: log.with(.record)).size, try await ledger.head(of: log.with(.access)).size)
    }

    private func report(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await clinic.knownLog(context)
        let query = Query(request)
        let wantsMarkdown = try wantsMarkdown(request, query)
        let scope = try await scope(log, query, context)
        let wait = min(ProofWait.preference(request.headers) ?? AuditRoutes.patience, AuditRoutes.maximumPatience)
        switch try await desk.state(of: scope, within: .seconds(wait)) {
        case .failed(let error): throw error
        case .running(let progress): return pending(request, "running", progress)
        case .waiting: return pending(request, "waiting", nil)
        case .done(let report):
            let tag = EntityTag([scope.command, wantsMarkdown ? "markdown" : "json", RuleSet.version])
            if tag.isKnown(to: request) { return .notModified(tag) }
            let bytes = wantsMarkdown ? report.markdown : report.json
            return Response(
                status: .ok,
                headers: [
                    .contentType: wantsMarkdown ? AuditRoutes.markdown : "application/json", .cacheControl: "no-store",
                    .eTag: tag.description,
                ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }

    /// It is being made: the same address has it when it is done.
    private func pending(_ request: Request, _ status: String, _ progress: AuditProgress?) -> Response {
        var members: [String: JSON] = ["status": .string(status)]
        if let progress {
            members["phase"] = .string(progress.phase.rawValue)
            members["done"] = .number(JSONNumber(progress.done))
            members["total"] = .number(JSONNumber(progress.total))
        }
        var response = Response.json(.object(members), status: .accepted)
        response.headers[.location] = request.uri.description
        response.headers[.retryAfter] = "2"
        return response
    }

    private func wantsMarkdown(_ request: Request, _ query: Query) throws -> Bool {
        switch query.text("format") {
        case nil: request.headers.prefers("text/markdown", to: "application/json")
        case "markdown": true
        case "json": false
        default: throw query.problem("format", "must be json or markdown")
        }
    }

    private func days(_ query: Query) throws -> (from: CalendarDate?, to: CalendarDate?) {
        let (from, to) = (try query.date("from"), try query.date("to"))
        if let from, let to, from > to { throw query.problem("to", "must not lie before from") }
        return (from, to)
    }

    private func scope(_ log: LogName, _ query: Query, _ context: ServiceContext) async throws -> AuditScope {
        guard let position = Int64(try context.parameters.require("position")), position >= 1 else {
            throw ProblemResponse(.notFound, "not-found", "The position in the path must be a whole number from 1.")
        }
        let (from, to) = try days(query)
        let sizes = try await sizes(log)
        guard position <= sizes.record else {
            throw ProblemResponse(.notFound, "unknown-position", "The record of this clinic ends at position \(sizes.record).")
        }
        let access = try query.position("access_position")
        if let access, access > sizes.access {
            throw query.problem("access_position", "lies beyond the end of the access log, \(sizes.access)")
        }
        let bounds = try await clinic.database.ledger.withSnapshot(of: log.clinic) { try await $0.bounds(record: position, access: access) }
        return AuditScope(clinic: log.clinic, from: from, to: to, bounds: bounds)
    }
}
