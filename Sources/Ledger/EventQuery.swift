public import Canonical
import Postgres

/// Which events of a log to read, in position order.
public struct EventQuery: Sendable, Hashable {
    /// Only events after this position.
    public var after: Int64
    /// Only events up to this position.
    public var upTo: Int64?
    /// Only events of this stream.
    public var stream: String?
    /// Only events that concern this other stream.
    public var subject: String?
    /// Only events of this type.
    public var type: String?
    /// Only events that had occurred by this time.
    public var occurredBy: Timestamp?
    /// Only events that had been recorded by this time.
    public var recordedBy: Timestamp?
    /// Only events that were recorded after this time.
    public var recordedAfter: Timestamp?
    /// At most so many; 1 to `maximumLimit`.
    public var limit: Int

    public static let maximumLimit = 10_000

    public init(
        after: Int64 = 0, upTo: Int64? = nil, stream: String? = nil, subject: String? = nil, type: String? = nil,
        occurredBy: Timestamp? = nil, recordedBy: Timestamp? = nil, recordedAfter: Timestamp? = nil, limit: Int = 1000
    ) {
        self.after = after
        self.upTo = upTo
        self.stream = stream
        self.subject = subject
        self.type = type
        self.occurredBy = occurredBy
        self.recordedBy = recordedBy
        self.recordedAfter = recordedAfter
        self.limit = min(max(limit, 1), EventQuery.maximumLimit)
    }

    /// One statement for each combination of bounds, so that each gets the plan that suits it.
    func statement(log number: Int32) -> (String, [(any SQLValue)?]) {
        var parameters: [(any SQLValue)?] = [number, after]
        var conditions = "e.log_id = $1 AND e.position > $2"
        if let upTo {
            parameters.append(upTo)
            conditions += " AND e.position <= $\(parameters.count)"
        }
        if let stream {
            parameters.append(stream)
            conditions += " AND e.stream = $\(parameters.count)"
        }
        if let subject {
            parameters.append(subject)
            conditions += " AND e.subject = $\(parameters.count)"
        }
        if let type {
            parameters.append(type)
            conditions += " AND e.type = $\(parameters.count)"
        }
        for (column, time) in [("occurred_at", occurredBy), ("recorded_at", recordedBy)] {
            guard let time else { continue }
            parameters.append(SQLTimestamp(microseconds: time.microseconds))
            conditions += " AND e.\(column) <= $\(parameters.count)"
        }
        if let recordedAfter {
            parameters.append(SQLTimestamp(microseconds: recordedAfter.microseconds))
            conditions += " AND e.recorded_at > $\(parameters.count)"
        }
        parameters.append(Int64(limit))
        // Within a stream, version order is position order, and there is an index for it.
        let order = stream == nil ? "e.position" : "e.version"
        let sql = "SELECT \(StoredEvent.columns) FROM dripline.events e WHERE \(conditions) ORDER BY \(order) LIMIT $\(parameters.count)"
        return (sql, parameters)
    }
}

/// The end of a log.
public struct LogHead: Sendable, Hashable {
    public let log: LogName
    /// The last position; 0 for a log without events.
    public let size: Int64
}
