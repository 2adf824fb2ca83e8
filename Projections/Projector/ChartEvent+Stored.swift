import Canonical
public import Clinic
public import Ledger

extension ChartEvent {
    /// Reads a stored event.
    /// - Throws: `ProjectionError.unreadable` for a type, a version of it or a payload that this program does not know, or an erased payload.
    public init(_ stored: StoredEvent, clinic: String) throws(ProjectionError) {
        try self.init(stored, of: StreamID(stored.stream), clinic: clinic)
    }

    /// - Parameter stream: what the stored name means; the events of one stream share it.
    init(_ stored: StoredEvent, of stream: StreamID?, clinic: String) throws(ProjectionError) {
        func unreadable(_ reason: String) -> ProjectionError {
            .unreadable(clinic: clinic, position: stored.position, reason: reason)
        }
        guard let stream else { throw unreadable("its stream is of no known kind") }
        guard let payload = stored.payload else { throw unreadable("its payload was erased") }
        let content: EventContent
        do {
            content = try EventContent(type: stored.type, version: stored.v, text: payload)
        } catch let error as Upcast.UnknownVersion {
            throw unreadable(error.description)
        } catch let error as ValidationError {
            // Pointers and limits, no values.
            throw unreadable(error.problems.map { ($0.pointer.isEmpty ? "" : $0.pointer + " ") + $0.message }.joined(separator: "; "))
        } catch {
            throw unreadable("its payload is no JSON")
        }
        var override: Override?
        if let gate = stored.overrideGate {
            guard let gate = Gate(rawValue: gate) else { throw unreadable("it overrides an unknown gate") }
            override = Override(gate: gate, reason: stored.overrideReason ?? "")
        }
        self.init(
            position: stored.position, version: stored.version, id: stored.event, stream: stream, actor: stored.actor,
            command: stored.command, occurredAt: stored.occurredAt, recordedAt: stored.recordedAt, chartedAt: stored.chartedAt,
            override: override, body: content.body, signatures: content.signatures,
            stored: content.isPlain && stored.v == content.body.type.currentVersion ? payload : nil)
    }
}

extension History {
    /// A stream's history from its stored events, in position order, within bounds.
    public init(stored: [StoredEvent], clinic: String, bounds: Bounds = Bounds()) throws(ProjectionError) {
        self.init(bounds: bounds)
        let stream = stored.first.flatMap { StreamID($0.stream) }
        for event in stored { try append(event, of: stream, clinic: clinic) }
    }

    /// Takes the next event of the stream, or what an erasure left of it.
    /// - Parameter stream: what the stored name means.
    mutating func append(_ stored: StoredEvent, of stream: StreamID?, clinic: String) throws(ProjectionError) {
        if stored.isErased {
            append(
                Erased(
                    position: stored.position, version: stored.version, occurredAt: stored.occurredAt, recordedAt: stored.recordedAt))
        } else {
            append(try ChartEvent(stored, of: stream, clinic: clinic))
        }
    }
}
