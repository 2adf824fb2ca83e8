/// The content of one event type: its fields, their checks, and its line for people.
///
/// A conforming type reads every field of the JSON exactly once in `init(reading:)`, in the order of the domain's table, and writes the
/// same fields back in `write(to:)`. Checks that need other events belong to the decision, not here.
public protocol EventData: FieldGroup {
    static var eventType: EventType { get }
    /// The kinds of stream the event may stand on.
    static var streams: Set<StreamKind> { get }
    /// One line for people. May hold health information: not for logs.
    var summary: String { get }
    /// The other stream that the event concerns.
    var subject: StreamID? { get }
}

extension EventData {
    public var subject: StreamID? { nil }
}
