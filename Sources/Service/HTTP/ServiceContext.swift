import Hummingbird

/// What goes with a request through the middleware to its route.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Set by authentication; nil for who did not sign in.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
