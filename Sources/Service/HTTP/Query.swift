import Canonical
import Clinic
import Foundation
import Hummingbird
import Ledger
import Projections

/// The query of a request, read with errors that name the parameter.
struct Query {
    private let parameters: Parameters

    init(_ request: Request) { parameters = request.uri.queryParameters }

    func text(_ name: String) -> String? { parameters[Substring(name)].map(String.init) }

    func problem(_ name: String, _ message: String) -> ProblemResponse {
        ProblemResponse(.badRequest, "invalid-parameter", "\(name) \(message).", errors: [("?\(name)", "\(name) \(message)")])
    }

    func position(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let value = Int64(text), value >= 0 else { throw problem(name, "must be a position: a whole number from 0") }
        return value
    }

    func limit(upTo maximum: Int) throws -> Int {
        guard let text = text("limit") else { return min(100, maximum) }
        guard let value = Int(text), (1...maximum).contains(value) else { throw problem("limit", "must be from 1 to \(maximum)") }
        return value
    }

    func time(_ name: String) throws -> Timestamp? {
        guard let text = text(name) else { return nil }
        // A plus sign in a query means a space to most clients.
        guard let time = Timestamp(rfc3339: text.replacing(" ", with: "+")) else {
            throw problem(name, "must be a time with an offset such as 2026-11-22T15:30:00Z")
        }
        return time
    }

    /// The three bounds of every read: `at`, `known_at`, `position`.
    var bounds: History.Bounds {
        get throws { History.Bounds(at: try time("at"), knownAt: try time("known_at"), position: try position("position")) }
    }

    func uuid(_ name: String) throws -> UUID? {
        guard let text = text(name) else { return nil }
        guard let id = UUID(canonical: text) else { throw problem(name, "must be a UUID") }
        return id
    }

    func type(_ name: String) throws -> String? {
        guard let text = text(name) else { return nil }
        guard EventType(rawValue: text) != nil else { throw problem(name, "must be a type of event, such as VitalsRecorded") }
        return text
    }

    /// Which log is meant: as `log` says, else the one that the stream and the type stand in.
    func log() throws -> LogName.Kind {
        let stream = text("stream").flatMap(StreamID.init)
        let inferred = stream?.kind.log ?? (text("type").flatMap(EventType.init(rawValue:))?.streams == [.access] ? .access : .record)
        guard let text = text("log") else { return inferred }
        guard let kind = LogName.Kind(rawValue: text) else { throw problem("log", "must be record or access") }
        if let stream, stream.kind.log != kind { throw problem("log", "must be \(stream.kind.log), where the stream stands") }
        return kind
    }

    func stream(_ name: String) throws -> String? {
        guard let text = text(name) else { return nil }
        guard let stream = StreamID(text) else {
            throw problem(name, "must be clinic, access, or patient/, session/, vial/ or access/ with a UUID")
        }
        return stream.description
    }
}
