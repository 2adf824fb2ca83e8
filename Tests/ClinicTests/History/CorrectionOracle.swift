import Canonical
import Clinic
import Foundation

/// The meaning of corrections written down once more, slowly and from the definitions, to hold `History` against.
struct CorrectionOracle {
    /// What is within the bounds on knowledge, in position order.
    let visible: [ChartEvent]
    private var effects: [Bool] = []

    init(_ events: [ChartEvent], knownAt: Timestamp? = nil, position: Int64? = nil) {
        visible = events.filter { event in
            (knownAt.map { event.recordedAt <= $0 } ?? true) && (position.map { event.position <= $0 } ?? true)
        }
        for index in visible.indices { effects.append(hasEffect(index)) }
    }

    /// The facts in force that had happened by `at`.
    func clinical(at: Timestamp? = nil) -> [ChartEvent] {
        visible.indices
            .filter { target(of: $0) == nil && !isVoided($0, before: visible.count) }
            .map { visible[$0].with(body: body(inForceAt: $0)) }
            .filter { event in at.map { event.occurredAt <= $0 } ?? true }
            .sorted { ($0.occurredAt, $0.position) < ($1.occurredAt, $1.position) }
    }

    /// Corrections that did nothing.
    var idle: [UUID] { visible.indices.filter { target(of: $0) != nil && !effects[$0] }.map { visible[$0].id } }

    private func target(of index: Int) -> UUID? {
        switch visible[index].body {
        case .eventAmended(let body): body.target
        case .eventVoided(let body): body.target
        default: nil
        }
    }

    private func isVoiding(_ index: Int) -> Bool {
        if case .eventVoided = visible[index].body { return true }
        return false
    }

    private func earlier(_ id: UUID, than index: Int) -> Int? {
        (0..<index).first { visible[$0].id == id }
    }

    private func root(of index: Int) -> Int? {
        guard let id = target(of: index) else { return index }
        return earlier(id, than: index).flatMap(root)
    }

    private func isVoided(_ index: Int, before end: Int) -> Bool {
        (0..<end).contains { isVoiding($0) && effects[$0] && target(of: $0) == visible[index].id }
    }

    private func hasEffect(_ index: Int) -> Bool {
        guard let id = target(of: index) else { return true }
        guard let target = earlier(id, than: index), !isVoiding(target), effects[target], let root = root(of: target) else { return false }
        if isVoided(target, before: index) || isVoided(root, before: index) { return false }
        guard case .eventAmended(let amendment) = visible[index].body else { return true }
        return (try? EventBody(type: visible[root].body.type, data: amendment.data)) != nil
    }

    private func body(inForceAt index: Int) -> EventBody {
        let amendments = visible.indices.filter { other in
            other != index && !isVoiding(other) && effects[other] && root(of: other) == index && !isVoided(other, before: visible.count)
        }
        guard let last = amendments.last, case .eventAmended(let amendment) = visible[last].body,
            let body = try? EventBody(type: visible[index].body.type, data: amendment.data)
        else { return visible[index].body }
        return body
    }
}
