import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// Charts, sessions and lists within the three bounds in every combination, against a naive reading of the whole list of events.
@Suite(.projections, .serialized, .timeLimit(.minutes(10))) struct BoundsTests {
    @Test(arguments: UInt64(301)...304) func readsWithinBoundsAgreeWithTheOracle(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            // In many appends, so that there are many times of recording.
            for _ in 0..<25 { try await bench.append(clinic.work(events: 12)) }
            try await bench.projector.catchUp()
            let stored = try await bench.ledger.events(of: Workbench.hickory, EventQuery(limit: 10_000))
            let events = try stored.map { try ChartEvent($0, clinic: "hickory") }
            let times = Set(events.map(\.recordedAt))
            try #require(times.count > 10)
            var (bounded, hidden) = (0, 0)
            for round in 0..<24 {
                // Each bound present or not, in turn: all eight combinations, three times.
                func pick() -> ChartEvent { events.randomElement(using: &clinic.random) ?? events[0] }
                let bounds = History.Bounds(
                    at: round & 1 == 0 ? nil : pick().occurredAt, knownAt: round & 2 == 0 ? nil : pick().recordedAt,
                    position: round & 4 == 0 ? nil : pick().position)
                let (shown, of) = try await expect(bounds, events, clinic, bench)
                if bounds != History.Bounds() { (bounded, hidden) = (bounded + 1, hidden + of - shown) }
            }
            #expect(bounded > 0 && hidden > 0, "the bounds must leave something out, or this says nothing")
        }
    }

    /// - Returns: how many facts the charts show, and how many there are.
    private func expect(
        _ bounds: History.Bounds, _ events: [ChartEvent], _ clinic: RandomClinic, _ bench: Workbench
    ) async throws -> (Int, Int) {
        var shown = 0
        let sessions = Dictionary(
            uniqueKeysWithValues: Set(events.filter { $0.stream.kind == .session }.compactMap(\.stream.id)).map {
                ($0, NaiveChart(events, stream: .session($0), bounds))
            })
        for patient in clinic.patients {
            let naive = NaiveChart(events, stream: .patient(patient), bounds)
            let chart = try await bench.ledger.chart(of: patient, clinic: "hickory", bounds: bounds)
            guard !naive.facts.isEmpty else {
                #expect(chart == nil, "\(bounds)")
                continue
            }
            let found = try #require(chart, "\(bounds)")
            expect(found.patient.entries, naive, "\(bounds)")
            #expect(found.patient.state == PatientState(naive.inForce), "\(bounds)")
            let theirs = sessions.filter { SessionState($0.value.inForce).patient == patient }
            #expect(Set(found.sessions.map(\.id)) == Set(theirs.keys), "\(bounds)")
            shown += found.patient.entries.count
            for session in found.sessions {
                guard let naive = theirs[session.id] else { continue }
                expect(session.entries, naive, "\(bounds)")
                #expect(session.state == SessionState(naive.inForce), "\(bounds)")
                #expect(try await bench.ledger.session(session.id, clinic: "hickory", bounds: bounds) == session)
                shown += session.entries.count
            }
        }
        try await expectLists(bounds, events, sessions, clinic, bench)
        return (shown, events.filter { !$0.isCorrection && $0.stream.kind != .clinic }.count)
    }

    private func expect(_ entries: [Chart.Entry], _ naive: NaiveChart, _ comment: Comment) {
        #expect(Set(entries.map(\.id)) == Set(naive.facts.keys), comment)
        for entry in entries {
            guard let fact = naive.facts[entry.id] else { continue }
            #expect(entry.event == fact.event && entry.body == fact.body && entry.isVoided == fact.isVoided, comment)
            #expect(entry.corrections.map(\.id) == fact.corrections, comment)
        }
    }

    private func expectLists(
        _ bounds: History.Bounds, _ events: [ChartEvent], _ sessions: [UUID: NaiveChart], _ clinic: RandomClinic, _ bench: Workbench
    ) async throws {
        let listed = try await bench.ledger.sessions(
            of: "hickory", SessionQuery(states: SessionQuery.active, limit: 1000), bounds: bounds)
        let active = sessions.filter { SessionState($0.value.inForce).phase.map(SessionQuery.active.contains) ?? false }
        #expect(Set(listed.map(\.id)) == Set(active.keys), "\(bounds)")
        let patients = try await bench.ledger.patients(matching: "", clinic: "hickory", limit: 1000, bounds: bounds)
        let known = clinic.patients.filter { !NaiveChart(events, stream: .patient($0), bounds).facts.isEmpty }
        #expect(Set(patients.map(\.id)) == Set(known), "\(bounds)")
        let query = EventQuery(upTo: bounds.position, occurredBy: bounds.at, recordedBy: bounds.knownAt, limit: 10_000)
        let read = try await bench.ledger.events(of: Workbench.hickory, query).map(\.position)
        let wanted = events.filter { event in
            (bounds.at.map { event.occurredAt <= $0 } ?? true) && (bounds.knownAt.map { event.recordedAt <= $0 } ?? true)
                && (bounds.position.map { event.position <= $0 } ?? true)
        }
        #expect(read == wanted.map(\.position), "\(bounds)")
    }

    /// Without a bound, the lists folded from the log are those of the read model.
    @Test func listsWithoutBoundsAreTheReadModels() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 310)
            try await bench.append(clinic.work(events: 300))
            try await bench.projector.catchUp()
            let none = History.Bounds()
            for states in [nil, SessionQuery.active, [.discharged]] {
                let query = SessionQuery(states: states)
                #expect(
                    try await bench.ledger.sessions(of: "hickory", query)
                        == (try await bench.ledger.sessions(of: "hickory", query, bounds: none)))
            }
            for text in ["", "ash", "H-1", "nobody"] {
                let live = try await bench.ledger.patients(matching: text, clinic: "hickory")
                let folded = try await bench.ledger.patients(matching: text, clinic: "hickory", bounds: none)
                #expect(Set(live) == Set(folded), "\(text)")
            }
        }
    }
}
