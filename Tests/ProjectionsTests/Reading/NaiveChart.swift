import Canonical
import Clinic
import Foundation

/// A stream's facts within bounds, worked out event by event from the plain list, without `History`: to hold charts against.
struct NaiveChart {
    struct Fact {
        let event: ChartEvent
        /// The amendments that stand, oldest first.
        var amendments: [(id: UUID, body: EventBody)] = []
        var corrections: [UUID] = []
        var isVoided = false

        var body: EventBody { amendments.last?.body ?? event.body }
    }

    private(set) var facts: [UUID: Fact] = [:]

    init(_ all: [ChartEvent], stream: StreamID, _ bounds: History.Bounds) {
        var roots: [UUID: UUID] = [:]
        var dead: Set<UUID> = []
        for event in all where event.stream == stream {
            if let knownAt = bounds.knownAt, event.recordedAt > knownAt { continue }
            if let position = bounds.position, event.position > position { continue }
            switch event.body {
            case .eventAmended(let body):
                guard let root = roots[body.target], !dead.contains(body.target), facts[root]?.isVoided == false,
                    let type = facts[root]?.event.body.type, let data = try? EventBody(type: type, data: body.data)
                else { continue }
                roots[event.id] = root
                facts[root]?.amendments.append((event.id, data))
                facts[root]?.corrections.append(event.id)
            case .eventVoided(let body):
                guard let root = roots[body.target], !dead.contains(body.target), facts[root]?.isVoided == false else { continue }
                facts[root]?.corrections.append(event.id)
                if body.target == root { facts[root]?.isVoided = true }
                facts[root]?.amendments.removeAll { $0.id == body.target }
                dead.insert(body.target)
            default:
                roots[event.id] = event.id
                facts[event.id] = Fact(event: event)
            }
        }
        if let at = bounds.at { facts = facts.filter { $0.value.event.occurredAt <= at } }
    }

    /// Facts in force, in position order, as a history that needs no correcting.
    var inForce: History {
        History(facts.values.filter { !$0.isVoided }.map { $0.event.with(body: $0.body) }.sorted { $0.position < $1.position })
    }
}
