import Canonical
import Clinic
import Foundation
import Testing

@testable import Service

/// What a recorder remembers is bounded, in streams and in events, and what was used lately stays.
@Suite struct HistoryCacheTests {
    private func stream() -> StreamID { .session(UUID()) }

    private func event(_ stream: StreamID, _ version: Int) throws -> ChartEvent {
        ChartEvent(
            position: Int64(version), version: Int64(version), id: UUID(), stream: stream, actor: "n.nurse", command: UUID(),
            occurredAt: .now(), recordedAt: .now(), body: try EventBody(type: .noteRecorded, data: ["text": "Fine."]))
    }

    private func history(_ stream: StreamID, _ count: Int) throws -> History {
        History(try (1...max(1, count)).map { try event(stream, $0) })
    }

    @Test func streamsAreBounded() throws {
        let (cache, used) = (HistoryCache(), stream())
        cache.keep([used: try history(used, 1)])
        for _ in 0..<HistoryCache.capacity * 2 {
            let other = stream()
            cache.keep([other: try history(other, 1)])
            #expect(cache.histories(of: [used]).count == 1)
        }
        #expect(cache.size.streams <= HistoryCache.capacity && cache.size.streams > HistoryCache.capacity / 2)
        #expect(cache.size.events == cache.size.streams)
    }

    @Test func eventsAreBounded() throws {
        let (cache, used) = (HistoryCache(), stream())
        cache.keep([used: try history(used, 10)])
        let length = HistoryCache.maximumEvents / 20
        for _ in 0..<60 {
            let other = stream()
            cache.keep([other: try history(other, length)])
            #expect(cache.histories(of: [used]).count == 1)
            #expect(cache.size.events <= HistoryCache.maximumEvents)
        }
        #expect(cache.size.events > HistoryCache.maximumEvents / 2)
    }

    /// A story that never ends, told event by event.
    @Test func aStreamThatGrowsIsBoundedToo() throws {
        let (cache, grown) = (HistoryCache(), stream())
        cache.keep([grown: try history(grown, HistoryCache.maximumEvents - 5)])
        for version in HistoryCache.maximumEvents - 4...HistoryCache.maximumEvents + 5 {
            cache.extend(grown, with: [try event(grown, version)])
        }
        #expect(cache.size.events == 0 && cache.size.streams == 0)
    }

    @Test func whatIsForgottenIsNotCounted() throws {
        let (cache, one, two) = (HistoryCache(), stream(), stream())
        cache.keep([one: try history(one, 3), two: try history(two, 4)])
        cache.keep([one: try history(one, 5)])
        #expect(cache.size.events == 9)
        // A gap: it is read again when needed.
        cache.extend(two, with: [try event(two, 6)])
        #expect(cache.size.events == 5)
        cache.forget([one])
        #expect(cache.size == (0, 0))
    }
}
