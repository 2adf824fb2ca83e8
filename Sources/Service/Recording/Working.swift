import Canonical
import Clinic
import Foundation
import Ledger

/// Histories with requests on top that were accepted and are not in the log yet, so that later ones are decided as if they were.
struct Working {
    private(set) var histories: [StreamID: History] = [:]

    subscript(_ stream: StreamID) -> History? { histories[stream] }
    var count: Int { histories.count }

    /// What was read from the log; what is known already stays.
    mutating func merge(_ loaded: [StreamID: History]) { histories.merge(loaded) { first, _ in first } }

    mutating func forget(_ stream: StreamID) { histories[stream] = nil }

    mutating func forgetAll() { histories = [:] }

    mutating func put(_ request: AppendRequest, _ proposal: Proposal, _ acceptance: Acceptance) {
        // Taken out while it grows, so that it is appended to in place.
        guard var history = histories.removeValue(forKey: request.stream) else { return }
        defer { histories[request.stream] = history }
        // A command that is in the log already is not put there twice.
        guard !history.events.contains(where: { $0.command == request.command }) else { return }
        for event in proposal.events {
            // Order within the stream is all that counts here; the log gives the real places.
            history.append(
                ChartEvent(
                    position: history.position + 1, version: history.version + 1, id: event.id, stream: request.stream,
                    actor: proposal.actor, command: request.command, occurredAt: event.occurredAt, recordedAt: .now(),
                    chartedAt: request.chartedAt, override: acceptance.override, body: event.body, signatures: event.signatures))
        }
    }
}
