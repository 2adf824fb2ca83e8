import Canonical
import Clinic
import Foundation
import Testing

/// Random streams against the oracle, under random bounds.
@Suite struct HistoryPropertyTests {
    @Test(arguments: UInt64(1)...40)
    func appendingEqualsBuilding(seed: UInt64) {
        let events = RandomHistory(seed: seed, count: 80).events
        var grown = History()
        for (index, event) in events.enumerated() {
            grown.append(event)
            if index.isMultiple(of: 9) { #expect(grown == History(events.prefix(index + 1))) }
        }
        for (index, event) in events.enumerated() where index.isMultiple(of: 7) {
            let earlier = grown.upTo(event.position)
            #expect(earlier == History(events.prefix(index + 1)) && earlier.position == event.position)
        }
        #expect(grown == History(events))
        #expect(grown.events == events)
        #expect(grown.clinical == CorrectionOracle(events).clinical())
    }

    @Test(arguments: UInt64(100)...160)
    func boundsAgreeWithTheOracle(seed: UInt64) {
        var random = RandomHistory(seed: seed, count: 60)
        let events = random.events
        for _ in 0..<12 {
            let at = random.pick(0...1) == 0 ? nil : Story.time(Double(random.pick(0...60)))
            let knownAt = random.pick(0...1) == 0 ? nil : events[random.pick(0...59)].recordedAt
            let position = random.pick(0...1) == 0 ? nil : Int64(random.pick(0...120))
            let history = History(events, at: at, knownAt: knownAt, position: position)
            let oracle = CorrectionOracle(events, knownAt: knownAt, position: position)
            #expect(history.clinical == oracle.clinical(at: at))
            #expect(
                history.entries.filter { !$0.isVoided }.map(\.event.id) == history.clinical.sorted { $0.position < $1.position }.map(\.id))
            if at == nil {
                #expect(history.events == oracle.visible)
                #expect(history.defects.map(\.event) == oracle.idle)
            } else {
                #expect(Set(history.defects.map(\.event)).isSubset(of: oracle.idle))
            }
        }
    }

    @Test(arguments: UInt64(200)...220)
    func entriesTellTheSameStory(seed: UInt64) {
        let history = History(RandomHistory(seed: seed, count: 80).events)
        for entry in history.entries {
            #expect(history.event(entry.id) == entry.event)
            #expect(history.entry(entry.id) == entry)
            let inForce = history.clinical.first { $0.id == entry.id }
            #expect(inForce?.body == (entry.isVoided ? nil : entry.body))
            #expect(entry.corrections.map(\.position) == entry.corrections.map(\.position).sorted())
        }
        let applied = history.entries.flatMap(\.corrections).map(\.id) + history.defects.map(\.event)
        #expect(Set(applied) == Set(history.events.filter(\.isCorrection).map(\.id)))
        #expect(applied.count == Set(applied).count)
    }

    /// The random streams must reach what they are meant to reach, or the properties say nothing.
    @Test func theStreamsAreRich() {
        let histories = (UInt64(1)...40).map { History(RandomHistory(seed: $0, count: 80).events) }
        let entries = histories.flatMap(\.entries)
        #expect(entries.contains { $0.corrections.count > 2 })
        #expect(entries.contains { $0.isVoided && $0.isAmended })
        // Amended once, and back to the original by a voiding of the amendment.
        #expect(entries.contains { !$0.isVoided && !$0.isAmended && $0.corrections.count == 2 })
        let reasons = Set(histories.flatMap(\.defects).map(\.reason))
        #expect(reasons == [.unknownTarget, .targetVoided, .targetIsVoiding, .targetHadNoEffect, .invalidData])
        #expect(histories.contains { $0.clinical.map(\.position) != $0.clinical.map(\.position).sorted() })
    }
}
