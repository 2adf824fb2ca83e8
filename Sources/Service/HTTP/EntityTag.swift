import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Projections

/// A weak entity tag (RFC 9110 §8.8): the same content has the same tag, whichever way it is encoded on the line.
struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// - Parameter parts: all that the content depends on, beside the address.
    init(_ parts: [String]) {
        let digest = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).prefix(16)
        description = "W/\"" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
    }

    /// Of what is folded from streams: the fold's version, and how far each stream is in it.
    init(_ projection: any Projection.Type, _ marks: [String: Int64]) {
        self.init(["\(projection.name) \(projection.version)"] + marks.map { "\($0.key) \($0.value)" }.sorted())
    }

    /// Of what is read from the tables of a clinic's read model.
    init(_ projection: any Projection.Type, _ positions: ServingPositions) {
        self.init(["\(projection.name) \(projection.version)", "\(positions.record ?? -1) \(positions.access ?? -1)"])
    }

    /// Whether `If-None-Match` names it: then the client has the content already.
    func isKnown(to request: Request) -> Bool {
        let known = request.headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
        return known.contains { $0 == "*" || opaque($0) == opaque(description) }
    }
}

extension Response {
    /// The client's copy is good.
    static func notModified(_ tag: EntityTag) -> Response {
        Response(status: .notModified, headers: [.eTag: tag.description, .cacheControl: "no-store"])
    }

    func tagged(_ tag: EntityTag?) -> Response {
        guard let tag else { return self }
        var response = self
        response.headers[.eTag] = tag.description
        return response
    }
}
