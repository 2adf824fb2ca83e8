/// The checked events of a stretch of a log, in their order.
struct ReplayedStretch: Sendable {
    private let log: LogName
    private(set) var events: [ReplayedEvent] = []
    private(set) var names = ReplayNames()

    init(of log: LogName, count: Int) {
        self.log = log
        events.reserveCapacity(count)
    }

    mutating func take(_ record: RecordBytes) { events.append(record.replayed(in: log, &names)) }
}
