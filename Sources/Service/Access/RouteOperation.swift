import Hummingbird

/// What a route does, and where in the request it says whose data that is about.
enum RouteOperation: Sendable, Hashable {
    /// About no patient in particular; of a clinic where the path names one.
    case plain(Operation)
    /// About the patient that the path names.
    case ofPatient(Operation)
    /// About the patient of the session that the path names.
    case ofSession(Operation)
    /// About the session that `session` in the query names, or the patient that `patient` does; the second operation where it is left out. The route
    /// must narrow its answer by that parameter: what else the query says opens nothing.
    case ofQuery(Parameter, Operation, otherwise: Operation)
    /// The events of a log: the operation hangs on the stream and the log in the query.
    case events(isLive: Bool)
    /// Any event of a log, by its position alone.
    case anyEvent
    /// The types of the events stand in the body: the route asks for each of them.
    case recording
    /// Tiles of digests, and of entries.
    case tiles

    enum Parameter: String, Sendable, Hashable {
        case patient, session
    }

    /// Every route of the service, by method and path. One that is missing here is refused to everybody, and a test finds it.
    static let all: [String: RouteOperation] = [
        "GET /healthz": .plain(.checkHealth),
        "GET /readyz": .plain(.checkHealth),
        "GET /readyz/{part}": .plain(.checkHealth),
        "GET /metrics": .plain(.checkHealth),
        "GET /openapi.json": .plain(.readDescription),
        "GET /setup": .plain(.signIn),
        "POST /setup": .plain(.signIn),
        "POST /v1/setup": .plain(.signIn),
        "POST /v1/signin": .plain(.signIn),
        "POST /v1/signout": .plain(.ownAccount),
        "GET /v1/me": .plain(.ownAccount),
        "PUT /v1/me/password": .plain(.ownAccount),
        "GET /v1/me/sessions": .plain(.ownAccount),
        "DELETE /v1/me/sessions/{id}": .plain(.ownAccount),
        "POST /v1/me/totp": .plain(.ownAccount),
        "POST /v1/me/totp/confirm": .plain(.ownAccount),
        "POST /v1/me/totp/remove": .plain(.ownAccount),
        "POST /v1/clinics/{clinic}/events": .recording,
        "GET /v1/clinics/{clinic}/events": .events(isLive: false),
        "GET /v1/clinics/{clinic}/events/live": .events(isLive: true),
        "GET /v1/clinics/{clinic}/patients": .plain(.listPatients),
        "GET /v1/clinics/{clinic}/patients/{id}/chart": .ofPatient(.readChart),
        "GET /v1/clinics/{clinic}/patients/{id}/chart/diff": .ofPatient(.compareCharts),
        "GET /v1/clinics/{clinic}/patients/{id}/access": .ofPatient(.readPatientAccess),
        "GET /v1/clinics/{clinic}/sessions": .plain(.listSessions),
        "GET /v1/clinics/{clinic}/sessions/{id}": .ofSession(.readSession),
        "GET /v1/clinics/{clinic}/compliance": .ofQuery(.session, .readSessionVerdicts, otherwise: .readVerdicts),
        "GET /v1/clinics/{clinic}/drugs": .plain(.readDrugs),
        "GET /v1/clinics/{clinic}/outcomes": .ofQuery(.patient, .readPatientOutcomes, otherwise: .readOutcomes),
        "GET /v1/clinics/{clinic}/audits": .plain(.runAudit),
        "GET /v1/clinics/{clinic}/reports": .plain(.readReports),
        "GET /v1/clinics/{clinic}/reports/{name}": .plain(.readReports),
        "GET /v1/clinics/{clinic}/access": .plain(.readAccess),
        "GET /v1/clinics/{clinic}/break-glass": .plain(.readBreakGlass),
        "GET /v1/clinics/{clinic}/events/{position}": .anyEvent,
        "GET /v1/clinics/{clinic}/rules": .plain(.readRules),
        "GET /v1/clinics/{clinic}/schedule": .plain(.listSessions),
        "GET /v1/clinics/{clinic}/drugs/{id}": .plain(.readDrugs),
        "GET /v1/clinics/{clinic}/patients/{id}/outcomes": .ofPatient(.readPatientOutcomes),
        "GET /v1/clinics/{clinic}/audits/latest": .plain(.runAudit),
        "GET /v1/clinics/{clinic}/audits/{position}": .plain(.runAudit),
        "GET /v1/clinics/{clinic}/log/{log}/checkpoint": .plain(.readProofs),
        "GET /v1/clinics/{clinic}/log/{log}/proof": .plain(.readProofs),
        "GET /v1/clinics/{clinic}/log/{log}/consistency": .plain(.readProofs),
        "GET /v1/clinics/{clinic}/log/{log}/tile/**": .tiles,
    ]

    /// The route that a request has reached; nil where no operation is named for it.
    init?(_ request: Request, _ context: some RequestContext) {
        guard let path = context.endpointPath, let found = Self.all["\(request.method) \(path)"] else { return nil }
        self = found
    }
}
