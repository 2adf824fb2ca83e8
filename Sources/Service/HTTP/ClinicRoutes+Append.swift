import Canonical
import Clinic
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Projections

extension ClinicRoutes {
    /// Records one request, or an array of them in one commit.
    func append(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try logName(context)
        let principal = try context.requirePrincipal()
        let wait = try ProofWait(request)
        let json = try await body(of: request)
        try context.access?.requireRightToRecord(json)
        guard case .array(let items) = json else { return try await append(json, in: log, by: principal, wait, context) }
        return try await append(together: items, in: log, by: principal, wait, context)
    }

    private func body(of request: Request) async throws -> JSON {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: ClinicRoutes.maximumBody)
        } catch is NIOTooManyBytesError {
            throw ProblemResponse(
                .contentTooLarge, "body-too-large", "The body is longer than \(ClinicRoutes.maximumBody) bytes: send fewer events at once.")
        }
        do {
            return try JSON.request(Array(body.readableBytesView))
        } catch {
            throw ProblemResponse(.badRequest, "invalid-json", "The body is \(error.description).")
        }
    }

    private func append(
        _ json: JSON, in log: LogName, by principal: Principal, _ wait: ProofWait?, _ context: ServiceContext
    ) async throws -> Response {
        var request: AppendRequest
        do {
            request = try AppendRequest(json, form: .door)
        } catch {
            throw RecordingError.invalid(error)
        }
        request = try await Signing(database: database).sign(request, in: log, principal)
        let recorded = try await database.recorder.record(request, in: log, actor: principal.staff, roles: principal.staffRoles)
        let proofs = await proofs(of: recorded.receipts, in: log.with(request.stream.kind.log), wait, context)
        return answer(recorded.json(command: request.command.lowercase, proofs: proofs), isNew: !recorded.isRepeat, wait)
    }

    private func append(
        together items: [JSON], in log: LogName, by principal: Principal, _ wait: ProofWait?, _ context: ServiceContext
    ) async throws -> Response {
        // Looked at before the items are read: reading costs more than counting.
        guard (1...Recorder.maximumRequestsTogether).contains(items.count) else {
            let message = "a batch must hold 1 to \(Recorder.maximumRequestsTogether) requests"
            throw RecordingError.invalid(ValidationError([Problem(pointer: "", message: message)]))
        }
        var requests: [AppendRequest] = []
        var problems: [Problem] = []
        for (index, item) in items.enumerated() {
            do {
                requests.append(try AppendRequest(item, form: .door))
            } catch {
                problems += error.under("/\(index)").problems
            }
        }
        guard problems.isEmpty else { throw RecordingError.invalid(ValidationError(problems)) }
        for (index, request) in requests.enumerated() {
            requests[index] = try await Signing(database: database).sign(request, in: log, principal, pointer: "/\(index)")
        }
        let recorded = try await database.recorder.record(
            together: requests, in: log, actor: principal.staff, roles: principal.staffRoles)
        let stream = requests[0].stream
        let proofs = await proofs(of: recorded.flatMap(\.receipts), in: log.with(stream.kind.log), wait, context)
        let results = zip(requests, recorded).map { $1.json(command: $0.command.lowercase, proofs: proofs) }
        var members: [String: JSON] = ["results": .array(results)]
        if let proofs { members["covered"] = .bool(proofs.isCovered) }
        return answer(.object(members), isNew: recorded.contains { !$0.isRepeat }, wait)
    }

    private func proofs(
        of receipts: [Receipt], in log: LogName, _ wait: ProofWait?, _ context: ServiceContext
    ) async -> ReceiptProofs? {
        guard let wait else { return nil }
        return await ReceiptProofs.gather(receipts, in: log, wait, database.ledger, context.logger)
    }

    private func answer(_ json: JSON, isNew: Bool, _ wait: ProofWait?) -> Response {
        var response = Response.json(json, status: isNew ? .created : .ok)
        if let wait, wait.isPreference { response.headers[.preferenceApplied] = "wait=\(wait.seconds)" }
        return response
    }
}
