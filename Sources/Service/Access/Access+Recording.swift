import Canonical
import Clinic
import HTTPTypes
import Synchronization

extension Access {
    /// Asks the table for every type that a body to record names, before anything else of it is looked at: what is refused for a role is refused
    /// whatever else is wrong with it. What can't be read here, the reading of the request says later.
    /// - Throws: `ProblemResponse`, 403.
    func requireRightToRecord(_ body: JSON) throws {
        let roles = principal.staffRoles
        for type in Self.types(in: body) where AccessTable.right(to: .append(type), of: roles) == nil {
            attempt.withLock { $0 = .append(type) }
            if type.isStatedByTheService {
                throw ProblemResponse(
                    .forbidden, "stated-by-the-service", "\(type) is recorded by the service itself when it happens; nobody sends it.")
            }
            let names = (type.roles ?? []).map(\.rawValue).sorted().joined(separator: ", ")
            throw ProblemResponse(
                .forbidden, "role-not-allowed", "You may not record \(type); it takes one of the roles \(names).")
        }
    }

    /// The types of a request, or of an array of them.
    private static func types(in body: JSON) -> [EventType] {
        let requests = if case .array(let items) = body { items } else { [body] }
        return requests.flatMap { request in
            var events = [request]
            if case .array(let items)? = request["events"] { events = items }
            return events.compactMap { $0["type"]?.text.flatMap(EventType.init(rawValue:)) }
        }
    }
}
