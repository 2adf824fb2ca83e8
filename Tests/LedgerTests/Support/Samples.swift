import Canonical
import Foundation
import Ledger

extension LogName {
    static func test(_ clinic: String = "hickory", _ kind: Kind = .record) -> LogName {
        guard let name = LogName(clinic: clinic, kind: kind) else { preconditionFailure("no clinic's name: \(clinic)") }
        return name
    }
}

extension Timestamp {
    /// 2026-11-22T15:30:00Z and so many seconds.
    static func sample(_ seconds: Int64 = 0) -> Timestamp { Timestamp(microseconds: 1_795_361_400_000_000).adding(seconds: seconds) }
}

extension NewEvent {
    static func vitals(_ stream: String, heartRate: Int = 72, at seconds: Int64 = 0) -> NewEvent {
        let payload = #"{"heart_rate":\#(heartRate),"phase":"infusion"}"#
        return NewEvent(stream: stream, type: "VitalsRecorded", occurredAt: .sample(seconds), payload: payload)
    }
}

extension AppendCommand {
    /// One event for each stream named.
    static func vitals(_ streams: String..., id: UUID = UUID(), conditions: [StreamCondition] = []) -> AppendCommand {
        AppendCommand(id: id, actor: "nurse.b", conditions: conditions, events: streams.map { .vitals($0) })
    }

    /// A command that uses every field.
    static func full(id: UUID = UUID(), stream: String = session(1)) -> AppendCommand {
        AppendCommand(
            id: id, actor: "dr.a", chartedAt: .sample(600), conditions: [],
            events: [
                NewEvent(
                    stream: stream, type: "PatientArrived", occurredAt: .sample(), subject: patient(1),
                    override: NewEvent.Override(gate: "consent", reason: "signed on paper; \"see\" scan ✓"), payload: #"{"weight_kg":70.5}"#
                ),
                NewEvent(stream: stream, type: "NoteRecorded", occurredAt: .sample(60), payload: #"{"text":"q\nÅ 😀"}"#),
            ])
    }
}

/// The stream of a session numbered for tests.
func session(_ number: Int) -> String { "session/\(uuid(number))" }
func patient(_ number: Int) -> String { "patient/\(uuid(number))" }

private func uuid(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
}

/// SplitMix64: a failing case can be run again from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
