public import Canonical
public import Foundation

/// The events of one stream, with corrections applied.
///
/// Three views of the same log: ``events`` as recorded, ``entries`` with what became of each, and ``clinical``, the facts in force in the order in
/// which they happened. Appending keeps all three; a normal event that arrives in order costs one array append.
///
/// How corrections work:
/// - `EventAmended` replaces the whole data of its target. If the target is itself an amendment, the data of the event that it amended is replaced.
/// - `EventVoided` of a clinical event takes it out of ``clinical``. Of an amendment: the data before that amendment is in force again.
/// - What is voided stays voided: a correction of a voided event, of a voided amendment or of a voiding does nothing.
///
/// Corrections that do nothing, or that can't be read, are listed in ``defects``. The decisions refuse them, so a log that was written through
/// the front door has none.
public struct History: Sendable, Equatable {
    public let bounds: Bounds
    /// Everything within the bounds, as recorded, in position order.
    public private(set) var events: [ChartEvent] = []
    /// Places whose data was erased: nothing is known of them but that something stood there. They are in no other view.
    public private(set) var erased: [Erased] = []
    /// Corrections that had no effect, and why.
    public private(set) var defects: [Defect] = []

    /// Version of the last event that was appended; 0 for an empty stream.
    public private(set) var version: Int64 = 0
    /// Position of the last event that was appended, also one beyond the bounds; 0 for an empty stream.
    public private(set) var position: Int64 = 0

    /// The clinical view once it differs from `events`; nil while all events are clinical and in order, which is the common case.
    private var reordered: [ChartEvent]?
    /// What corrections made of the events at these indices of `events`.
    private var outcomes: [Int: CorrectionOutcome] = [:]
    /// For each correction that took effect, by its index: the index of the clinical event that it reaches.
    private var roots: [Int: Int] = [:]
    /// Events left out by `bounds.at`, so that their corrections are left out with them.
    private var beyond: Set<UUID> = []
    /// What was folded from it as it is now.
    var derivations = Derivations()

    public init(bounds: Bounds = Bounds()) {
        self.bounds = bounds
    }

    /// A stream's history as it stood within three bounds, each of which may be absent.
    ///
    /// - Parameters:
    ///   - events: one stream's events in position order.
    ///   - at: only what had happened by this time (`occurred_at`). Corrections are exempt: what is known now about then.
    ///   - knownAt: only what had been recorded by this time (`recorded_at`), corrections too.
    ///   - position: only the log up to this position, corrections too.
    public init(_ events: some Sequence<ChartEvent>, at: Timestamp? = nil, knownAt: Timestamp? = nil, position: Int64? = nil) {
        self.init(bounds: Bounds(at: at, knownAt: knownAt, position: position))
        self.events.reserveCapacity(events.underestimatedCount)
        for event in events {
            append(event)
        }
    }

    /// Takes the next event of the stream.
    ///
    /// Positions rise along a stream. An event at or before the last position has been seen, and is ignored: delivery may repeat itself.
    public mutating func append(_ event: ChartEvent) {
        guard event.position > position else { return }
        derivations.reset()
        position = event.position
        version = event.version
        guard bounds.admitRecord(of: event) else { return }
        switch event.body {
        case .eventAmended(let amendment):
            correct(with: event, target: amendment.target, amendment: amendment)
        case .eventVoided(let voiding):
            correct(with: event, target: voiding.target, amendment: nil)
        default:
            guard bounds.admitOccurrence(of: event) else {
                beyond.insert(event.id)
                return
            }
            place(event)
        }
    }

    /// Takes the next event of the stream, whose data was erased: it counts as a place in the stream, and as nothing else.
    public mutating func append(_ event: Erased) {
        guard event.position > position else { return }
        derivations.reset()
        position = event.position
        version = event.version
        if let limit = bounds.position, event.position > limit { return }
        if let knownAt = bounds.knownAt, event.recordedAt > knownAt { return }
        if let at = bounds.at, event.occurredAt > at { return }
        erased.append(event)
    }

    /// The history as it was up to a position of the log.
    public func upTo(_ limit: Int64) -> History {
        guard position > limit else { return self }
        var earlier = History(bounds: bounds)
        var gaps = erased[...]
        for event in events where event.position <= limit {
            while let gap = gaps.first, gap.position < event.position { earlier.append(gaps.removeFirst()) }
            earlier.append(event)
        }
        for gap in gaps where gap.position <= limit { earlier.append(gap) }
        return earlier
    }

    /// The facts in force: not voided, corrections left out, amended data at the original place; by `occurredAt`, then position.
    public var clinical: [ChartEvent] { reordered ?? events }

    /// Each clinical event with its data in force and its corrections, in position order.
    public var entries: [Entry] {
        events.indices.compactMap { events[$0].isCorrection ? nil : entry(at: $0) }
    }

    /// What became of one clinical event; nil for an id that this history doesn't hold, and for a correction's.
    public func entry(_ id: UUID) -> Entry? {
        guard let index = index(of: id), !events[index].isCorrection else { return nil }
        return entry(at: index)
    }

    /// The event with this id as recorded, also a correction.
    public func event(_ id: UUID) -> ChartEvent? {
        index(of: id).map { events[$0] }
    }
}

// MARK: - Placing clinical events

extension History {
    private mutating func place(_ event: ChartEvent) {
        if reordered == nil, let last = events.last, event.happened(before: last) {
            reordered = events
        }
        events.append(event)
        guard reordered != nil else { return }
        let index = clinicalIndex(of: event)
        reordered?.insert(event, at: index)
    }

    /// Where `event` stands, or would stand, in the clinical view.
    private func clinicalIndex(of event: ChartEvent) -> Int {
        let view = clinical
        var low = view.startIndex
        var high = view.endIndex
        if let last = view.last, last.happened(before: event) { return high }
        while low < high {
            let middle = (low + high) / 2
            if view[middle].happened(before: event) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// From the end: corrections mostly reach for something recent, and streams are short.
    private func index(of id: UUID) -> Int? {
        events.lastIndex { $0.id == id }
    }

    private func entry(at index: Int) -> Entry {
        let outcome = outcomes.isEmpty ? nil : outcomes[index]
        return Entry(
            event: events[index], amendment: outcome?.body,
            corrections: outcome?.corrections.map { events[$0] } ?? [], isVoided: outcome?.isVoided ?? false)
    }
}

// MARK: - Corrections

extension History {
    /// Records a correction and applies it: an amendment, or a voiding where there is none.
    private mutating func correct(with event: ChartEvent, target: UUID, amendment: EventAmended?) {
        guard !beyond.contains(target) else {
            beyond.insert(event.id)
            return
        }
        let found = reach(target)
        if reordered == nil { reordered = events }
        let index = events.count
        events.append(event)
        do {
            let (target, root) = try found.get()
            let body: EventBody? = try amendment.map { amendment throws(Defect.Reason) in
                do { return try amendment.body(replacing: events[root].body.type) } catch { throw .invalidData }
            }
            roots[index] = root
            apply(correction: index, target: target, root: root, body: body)
        } catch {
            defects.append(Defect(event: event.id, position: event.position, reason: error))
        }
    }

    /// The event that a correction names and the clinical event behind it, or why it can't be corrected.
    func reach(_ target: UUID) -> Result<(target: Int, root: Int), Defect.Reason> {
        guard let index = index(of: target) else { return .failure(.unknownTarget) }
        guard let root = events[index].isCorrection ? roots[index] : index else { return .failure(.targetHadNoEffect) }
        if case .eventVoided = events[index].body { return .failure(.targetIsVoiding) }
        let outcome = outcomes[root]
        guard outcome?.isVoided != true, outcome?.voidedAmendments.contains(index) != true else { return .failure(.targetVoided) }
        return .success((index, root))
    }

    /// The clinical event that an event stands for: itself, or what a correction reaches, voided or not. Nil for an unknown id, and for a
    /// correction that had no effect.
    func root(of id: UUID) -> ChartEvent? {
        guard let index = index(of: id) else { return nil }
        return (events[index].isCorrection ? roots[index] : index).map { events[$0] }
    }

    private mutating func apply(correction index: Int, target: Int, root: Int, body: EventBody?) {
        let place = clinicalIndex(of: events[root])
        var outcome = outcomes[root] ?? CorrectionOutcome()
        outcome.corrections.append(index)
        if let body {
            outcome.amendments.append((index, body))
        } else if target == root {
            outcome.isVoided = true
        } else {
            outcome.voidedAmendments.insert(target)
        }
        outcomes[root] = outcome
        if outcome.isVoided {
            reordered?.remove(at: place)
        } else {
            reordered?[place] = events[root].with(body: outcome.body ?? events[root].body)
        }
    }
}
