import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Projections
import Synchronization

/// Lets a request through to its route only where ``AccessTable`` allows it, and writes down what it shows, or that it was refused, before the answer
/// leaves. What can't be written down is not shown.
struct AccessMiddleware: RouterMiddleware {
    let database: Database
    private var log: AccessLog { AccessLog(ledger: database.ledger) }

    /// What for, in the words of who asks; what is left out is told from the role.
    static let purposeHeader = HTTPField.Name("Dripline-Purpose")!
    static let breakGlassHeader = HTTPField.Name("Dripline-Break-Glass")!

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        // Nothing is at this path: there is nothing to be allowed.
        guard context.endpointPath != nil, !isNowhere(context) else { return try await next(request, context) }
        guard let route = RouteOperation(request, context) else {
            throw ProblemResponse(.forbidden, "not-allowed", "Nobody may do this: no operation is named for it.")
        }
        if case .plain(let operation) = route, AccessTable.rule(for: operation) == .open { return try await next(request, context) }
        guard let principal = context.principal else { throw ProblemResponse.unauthorized() }
        let clinic = context.parameters.get("clinic")
        if let clinic, clinic != principal.clinic { try await refuse(.otherClinic, nil, principal) }
        let target = try await Target(route, request, context, database.ledger)
        let access = try await admit(target, request, principal, clinic, context.renewal)
        var (request, context) = (request, context)
        context.access = access
        // What was read in an emergency is never answered from what the client has kept.
        if access.glass != nil {
            var head = request.head
            head.headerFields[.ifNoneMatch] = nil
            request = Request(head: head, body: request.body)
        }
        return try await answer(request, context, access, next)
    }

    /// What Hummingbird says where no route was found.
    private func isNowhere(_ context: ServiceContext) -> Bool { context.endpointPath == "NotFound" }

    // MARK: - Before

    private func admit(
        _ target: Target, _ request: Request, _ principal: Principal, _ clinic: String?,
        _ renewal: (@Sendable () async throws -> Principal)?
    ) async throws -> Access {
        let roles = principal.staffRoles
        var glass: BrokenGlass?
        var decision = AccessDecision.on(target.operation, principal: (principal.clinic, roles), clinic: clinic, standing: .none)
        if case .refused(let refusal) = decision, refusal == .notInCare || refusal == .notInEmergency, let patient = target.patient {
            // Only who may read at all is told whether this patient is in their care, by being let in.
            var standing = Standing.none
            if refusal == .notInCare, try await isInCare(patient, of: principal, request) { standing = .inCare }
            if standing == .none {
                glass = try await database.ledger.brokenGlass(
                    by: principal.staff, patient: patient, clinic: principal.clinic, now: .now())
                if glass != nil { standing = .brokeGlass }
            }
            decision = AccessDecision.on(target.operation, principal: (principal.clinic, roles), clinic: clinic, standing: standing)
        }
        switch decision {
        case .allowed(let basis):
            return Access(
                target.operation, basis: basis, principal: principal, patient: target.patient, glass: glass,
                purpose: request.headers[Self.purposeHeader], log: log, renewal: renewal ?? { principal })
        case .refused(let refusal): try await refuse(refusal, target, principal)
        }
    }

    /// By the read model, where the sessions of a patient are at hand; then by the patient's own stream.
    private func isInCare(_ patient: UUID, of principal: Principal, _ request: Request) async throws -> Bool {
        let ledger = database.ledger
        if let wanted = try Query(request).position("min_position"), let log = LogName(clinic: principal.clinic) {
            try await ledger.waitForProjection(PatientChart.self, of: log, position: wanted, limit: ClinicRoutes.patience)
        }
        let sessions = try await ledger.sessions(of: principal.clinic, SessionQuery(patient: patient))
        let now = Timestamp.now()
        let nobody = PatientState(History())
        if CareRelationship.holds(for: principal.staff, nobody, sessions: sessions, now: now) { return true }
        guard let log = LogName(clinic: principal.clinic) else { return false }
        let stream = StreamID.patient(patient).description
        let stored = try await ledger.streams([stream], of: log)[stream] ?? []
        // What was erased or can't be read says nothing of whose patient it is.
        guard let history = try? History(stored: stored, clinic: principal.clinic) else { return false }
        return CareRelationship.holds(for: principal.staff, PatientState(history), sessions: [], now: now)
    }

    private func refuse(_ refusal: AccessDecision.Refusal, _ target: Target?, _ principal: Principal) async throws -> Never {
        let problem = ProblemResponse(refusal)
        try await log.refused(
            target?.operation.name ?? "another clinic", reason: problem.code, patient: target?.patient, by: principal)
        throw problem
    }

    // MARK: - After

    private func answer(
        _ request: Request, _ context: ServiceContext, _ access: Access, _ next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            // The domain refuses too: a role of the time of the event, an own invocation.
            if let problem = ProblemResponse.from(error), problem.status == .forbidden {
                try await log.refused(
                    (access.attempt.withLock { $0 } ?? access.operation).name, reason: problem.code, patient: access.patient,
                    by: access.principal)
            }
            throw error
        }
        // Not modified: what the client holds of it is looked at again.
        guard response.status.kind == .successful || response.status == .notModified else { return response }
        let resource = access.operation.resource(context)
        if access.operation.isExport {
            // A report that is still being made shows nothing yet.
            guard response.status != .accepted else { return response }
            try await log.exported(
                resource, format: request.uri.queryParameters["format"].map(String.init), purpose: access.purpose, patient: access.patient,
                by: .init(access.principal))
        } else if let patient = access.patient, access.operation.isReading {
            access.shows([patient], as: resource)
        }
        try await access.write()
        if let glass = access.glass {
            response.headers[Self.breakGlassHeader] = glass.header
            response.headers[.eTag] = nil
        }
        return response
    }
}

extension ProblemResponse {
    fileprivate init(_ refusal: AccessDecision.Refusal) {
        switch refusal {
        case .notSignedIn: self = .unauthorized()
        case .otherClinic:
            // Word for word the same whether there is one.
            self.init(.notFound, "unknown-clinic", "There is no such clinic, or it is not yours.")
        case .role:
            self.init(.forbidden, "role-not-allowed", "None of your roles may do this; ask an administrator of the clinic who may.")
        case .notInCare:
            self.init(
                .forbidden, "not-in-care",
                "This is about nobody in your care. In an emergency, record BreakGlassInvoked with the reason on access/ and the patient's id: "
                    + "it opens the chart for \(BrokenGlass.openMinutes) minutes, and is reviewed.")
        case .notInEmergency:
            self.init(
                .forbidden, "emergency-only",
                "Your role sees this in an emergency only: record BreakGlassInvoked with the reason on access/ and the patient's id: "
                    + "it opens the chart for \(BrokenGlass.openMinutes) minutes, and is reviewed.")
        }
    }
}
