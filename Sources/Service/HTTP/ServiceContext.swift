import Canonical
import Hummingbird
import NIOCore

/// What goes with a request through the middleware to its route.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection: the client, or a proxy.
    let peer: String
    /// Where the request came from: the peer, or whom a trusted proxy says it speaks for.
    var address: String
    /// Whether it came over TLS, to this service or to a trusted proxy.
    var isSecure = false
    /// In the log and in the answer.
    var requestName = RequestName(given: nil)
    let trail = RequestTrail()
    /// The thread of its connection.
    let executor: LoopExecutor
    /// Set by authentication; nil for who did not sign in.
    var principal: Principal?
    /// Asks again who it is, for an answer that goes on for long. It is no use of the session. Throws what a new request would be answered.
    var renewal: (@Sendable () async throws -> Principal)?
    /// What the request was allowed to do; nil where nobody had to be anybody.
    var access: Access?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
        address = peer
        executor = LoopExecutor.of(source.channel.eventLoop)
    }

    /// Who asks.
    /// - Throws: 401 for who did not sign in.
    func requirePrincipal() throws -> Principal {
        guard let principal else { throw ProblemResponse.unauthorized() }
        return principal
    }

    /// Who asks, where it is a person who signed in: a program's token does not act on its holder's account.
    /// - Throws: 401 or 403.
    func requirePerson() throws -> Principal {
        let principal = try requirePrincipal()
        guard case .session = principal.credential else {
            throw ProblemResponse(.forbidden, "people-only", "This takes somebody who signed in at /v1/signin, not a token.")
        }
        return principal
    }

    /// Whether it is shown because of an emergency that one has declared.
    var isEmergency: Bool { access?.glass != nil }

    /// With the mark of an emergency, where it is shown in one.
    func marked(_ json: JSON) -> JSON { access?.marked(json) ?? json }
}
