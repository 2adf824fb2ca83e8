import Testing

@testable import Service

@Suite(.service) struct RouteOperationTests {
    /// Who adds a route says in `RouteOperation.all` what it does; until then it is refused to everybody.
    @Test func everyRouteNamesAnOperation() async throws {
        try await withDatabase { database async throws in
            let routes = HTTPService.routes(over: database)
            #expect(routes.count >= 15)
            for route in routes where !route.hasPrefix("HEAD ") {
                #expect(RouteOperation.all[route] != nil, "\(route) names no operation: add it to RouteOperation.all")
            }
        }
    }
}
