import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import Tlog

/// The paths under `/v1/clinics/{clinic}/log/{record|access}`: what anybody needs to check a log, as C2SP tlog-tiles lays it out.
struct LogRoutes: Sendable {
    let database: Database

    /// A checkpoint is good for a moment only.
    static let checkpointCache = "max-age=1"
    /// A full tile never changes.
    static let tileCache = "max-age=31536000, immutable"

    func add(to router: Router<ServiceContext>) {
        let log = router.group("/v1/clinics/:clinic/log/:log")
        log.get("checkpoint") { try await checkpoint($0, $1) }
        log.get("proof") { try await proof($0, $1) }
        log.get("consistency") { try await consistency($0, $1) }
        log.get("tile/**") { try await tile($0, $1) }
    }

    private func checkpoint(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await log(context)
        guard let signed = try await database.ledger.checkpoint(of: log) else { throw ProofError.unsealed(log) }
        return .text(signed.note.description, cache: Self.checkpointCache)
    }

    private func proof(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        guard let position = try query.position("position") else { throw query.problem("position", "is missing: it names the event") }
        return .text(try await database.ledger.proof(of: position, in: log(context)).description, cache: Self.checkpointCache)
    }

    private func consistency(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        guard let from = try query.position("from") else { throw query.problem("from", "is missing: the smaller size") }
        guard let to = try query.position("to") else { throw query.problem("to", "is missing: the larger size") }
        return .json(try await database.ledger.consistency(from: UInt64(from), to: UInt64(to), in: log(context)).json)
    }

    private func tile(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await log(context)
        let path = context.parameters.getCatchAll().joined(separator: "/")
        guard let place = TilePath(path), let bytes = try await database.ledger.tile(place, in: log) else {
            throw ProblemResponse(.notFound, "unknown-tile", "The last checkpoint has no such tile.")
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: Self.tileCache],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func log(_ context: ServiceContext) async throws -> LogName {
        guard let kind = LogName.Kind(rawValue: try context.parameters.require("log")),
            let log = LogName(clinic: try context.parameters.require("clinic"), kind: kind)
        else { throw ProblemResponse(.notFound, "unknown-log", "A clinic has the logs record and access.") }
        guard try await database.ledger.number(of: log) != nil else { throw LedgerError.unknownLog(log) }
        return log
    }
}

extension Response {
    fileprivate static func text(_ text: String, cache: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: cache],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
