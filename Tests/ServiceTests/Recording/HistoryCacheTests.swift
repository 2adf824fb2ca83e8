import Canonical
import Clinic
import Foundation
import Testing

@testable import Service

/// What a recorder remembers is bounded, for all clinics together, and what was used lately stays.
@Suite struct HistoryCacheTests {
    private let clinic = "hickory"

    private func stream() -> StreamID { .session(UUID()) }

    private func event(_ stream: StreamID, _ version: Int) throws -> ChartEvent {
        ChartEvent(
            position: Int64(version), version: Int64(version), id: UUID(), stream: stream, actor: "n.nurse", command: UUID(),
            occurredAt: .now(), recordedAt: .now(), body: try EventBody(type: .noteRecorded, data: ["text": "Fine."]))
    }

    private func history(_ stream: StreamID, _ count: Int) throws -> History {
        History(try (1...max(1, count)).map { try event(stream, $0) })
    }

    @Test func emptyStreamsCountToo() throws {
        let cache = HistoryCache()
        for _ in 0..<HistoryCache.maximumEvents + 1000 { cache.keep([stream(): History()], in: "hickory") }
        #expect(cache.size.streams == cache.size.weight)
        #expect(cache.size.weight <= HistoryCache.maximumEvents && cache.size.weight > HistoryCache.maximumEvents / 2)
    }

    @Test func aClinicSeesItsOwn() throws {
        let cache = HistoryCache()
        cache.keep([.clinic: try history(.clinic, 2)], in: "hickory")
        cache.keep([.clinic: try history(.clinic, 3)], in: "alder")
        #expect(cache.histories(of: [.clinic], in: "hickory")[.clinic]?.version == 2)
        cache.extend(.clinic, in: "alder", with: [try event(.clinic, 4)])
        cache.forget([.clinic], in: "hickory")
        #expect(cache.histories(of: [.clinic], in: "hickory").isEmpty)
        #expect(cache.histories(of: [.clinic], in: "alder")[.clinic]?.version == 4)
    }

    @Test func eventsAreBounded() throws {
        let (cache, used) = (HistoryCache(), stream())
        cache.keep([used: try history(used, 10)], in: clinic)
        let length = HistoryCache.maximumEvents / 20
        for number in 0..<60 {
            let other = stream()
            cache.keep([other: try history(other, length)], in: "clinic-\(number % 3)")
            #expect(cache.histories(of: [used], in: clinic).count == 1)
            #expect(cache.size.weight <= HistoryCache.maximumEvents)
        }
        #expect(cache.size.weight > HistoryCache.maximumEvents / 2)
    }

    /// A story that never ends, told event by event.
    @Test func aStreamThatGrowsIsBoundedToo() throws {
        let (cache, grown) = (HistoryCache(), stream())
        cache.keep([grown: try history(grown, HistoryCache.maximumEvents - 5)], in: clinic)
        for version in HistoryCache.maximumEvents - 4...HistoryCache.maximumEvents + 5 {
            cache.extend(grown, in: clinic, with: [try event(grown, version)])
        }
        #expect(cache.size == (0, 0))
    }

    @Test func whatIsForgottenIsNotCounted() throws {
        let (cache, one, two) = (HistoryCache(), stream(), stream())
        cache.keep([one: try history(one, 3), two: try history(two, 4)], in: clinic)
        cache.keep([one: try history(one, 5)], in: clinic)
        #expect(cache.size == (2, 11))
        // A gap: it is read again when needed.
        cache.extend(two, in: clinic, with: [try event(two, 6)])
        #expect(cache.size == (1, 6))
        cache.forget([one], in: clinic)
        #expect(cache.size == (0, 0))
    }
}
