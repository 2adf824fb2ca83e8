import Canonical
import Clinic
import Foundation
import Testing

@Suite struct HistoryTests {
    private let note = Step.note.at(10).id(Story.id(1))
    private let amendment = Step.amended(Story.id(1), ["text": "Asleep."], at: 20).id(Story.id(2))

    private func history(_ steps: Step...) throws -> History {
        try Scenario(steps).history(Story.session)
    }

    private func texts(_ history: History) -> [String] {
        history.clinical.compactMap { event in
            if case .noteRecorded(let note) = event.body { note.text } else { nil }
        }
    }

    @Test func emptyAtFirst() {
        let history = History()
        #expect(history.events.isEmpty && history.entries.isEmpty && history.clinical.isEmpty && history.defects.isEmpty)
        #expect(history.version == 0)
        #expect(history.position == 0)
    }

    @Test func clinicalOrderIsByTimeThenPosition() throws {
        let history = try history(
            .note.at(30).with("text", "c"), .note.at(10).with("text", "a"), .note.at(30).with("text", "d"), .note.at(20).with("text", "b"))
        #expect(texts(history) == ["a", "b", "c", "d"])
        #expect(history.events.map(\.position) == [1, 2, 3, 4])
        #expect(history.entries.map(\.event.position) == [1, 2, 3, 4])
    }

    @Test func anAmendmentReplacesTheDataInPlace() throws {
        let history = try history(note, .note.at(15).with("text", "Awake."), amendment)
        #expect(texts(history) == ["Asleep.", "Awake."])
        let entry = try #require(history.entry(note.id))
        #expect(entry.event.body == (try note.body))
        #expect(entry.isAmended)
        #expect(entry.corrections.map(\.id) == [amendment.id])
        #expect(history.clinical.first?.occurredAt == Story.time(10))
        #expect(history.entry(amendment.id) == nil)
        #expect(history.event(amendment.id)?.id == amendment.id)
    }

    @Test func anAmendmentOfAnAmendmentReachesTheOriginal() throws {
        let second = Step.amended(amendment.id, ["text": "Dozing."], at: 30)
        #expect(texts(try history(note, amendment, second)) == ["Dozing."])
    }

    @Test func voidingAnAmendmentBringsTheFormerDataBack() throws {
        let second = Step.amended(note.id, ["text": "Dozing."], at: 30).id(Story.id(3))
        #expect(texts(try history(note, amendment, .voided(amendment.id))) == ["Resting."])
        #expect(texts(try history(note, amendment, second, .voided(second.id))) == ["Asleep."])
        #expect(texts(try history(note, amendment, second, .voided(amendment.id))) == ["Dozing."])
        #expect(texts(try history(note, amendment, second, .voided(amendment.id), .voided(second.id))) == ["Resting."])
    }

    @Test func whatIsVoidedStaysSo() throws {
        let voiding = Step.voided(note.id).id(Story.id(4))
        let history = try history(note, voiding, amendment, .voided(note.id), .voided(voiding.id), .amended(voiding.id, note.data))
        #expect(texts(history) == [])
        #expect(history.entries.map(\.isVoided) == [true])
        #expect(history.defects.map(\.reason) == [.targetVoided, .targetVoided, .targetIsVoiding, .targetIsVoiding])
        #expect(history.defects.map(\.position) == [3, 4, 5, 6])
    }

    @Test func dataThatCannotBeReadKeepsTheFormer() throws {
        let bad = Step.amended(note.id, ["text": 7]).id(Story.id(5))
        let history = try history(note, amendment, bad, .voided(bad.id), .amended(Story.id(99), note.data))
        #expect(texts(history) == ["Asleep."])
        #expect(history.defects.map(\.reason) == [.invalidData, .targetHadNoEffect, .unknownTarget])
        #expect(history.entry(note.id)?.corrections.map(\.id) == [amendment.id])
    }

    @Test func aRepeatedEventIsIgnored() throws {
        let once = try history(note, amendment)
        var twice = once
        for event in once.events { twice.append(event) }
        #expect(twice == once)
    }

    // MARK: Bounds

    @Test func atLeavesOutWhatHappenedLater() throws {
        let events = try history(note, .note.at(40).id(Story.id(6)), amendment.at(90), .amended(Story.id(6), note.data, at: 91)).events
        let bounded = History(events, at: Story.time(10))
        #expect(texts(bounded) == ["Asleep."])
        #expect(bounded.events.map(\.position) == [1, 3])
        #expect(bounded.defects == [])
        #expect(bounded.version == 4)
        #expect(texts(History(events, at: Story.time(9.999))) == [])
    }

    @Test func knownAtAndPositionBoundCorrectionsToo() throws {
        var events: [ChartEvent] = []
        for (index, event) in try history(note, amendment, .note.at(5)).events.enumerated() {
            events.append(
                ChartEvent(
                    position: event.position, version: event.version, id: event.id, stream: event.stream, actor: event.actor,
                    command: event.command, occurredAt: event.occurredAt, recordedAt: Story.time(Double(100 + index)), body: event.body))
        }
        #expect(texts(History(events, knownAt: Story.time(100))) == ["Resting."])
        #expect(texts(History(events, knownAt: Story.time(101))) == ["Asleep."])
        #expect(texts(History(events, position: 1)) == ["Resting."])
        #expect(texts(History(events, position: 2)) == ["Asleep."])
        #expect(texts(History(events, at: Story.time(9), knownAt: Story.time(101))) == [])
        #expect(texts(History(events)) == ["Resting.", "Asleep."])
    }
}
