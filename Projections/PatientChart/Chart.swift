public import Canonical
import Clinic
import Foundation
import Postgres

/// One patient's chart: what is on their own stream, and their sessions.
///
/// It holds every fact as it was recorded, with the data in force, its corrections one step away, and what was voided marked as such. The parts are
/// the documents of the read model `patient_chart`; a chart as of a position or a time is folded into the same values.
public struct Chart: Sendable, Hashable {
    public let patient: Patient
    /// By the time that they took place.
    public let sessions: [Session]

    public init(patient: Patient, sessions: [Session]) {
        self.patient = patient
        self.sessions = sessions.sorted { ($0.orderedAt, $0.id.lowercase) < ($1.orderedAt, $1.id.lowercase) }
    }

    /// The time of the last fact, and so the day on which ages are told: a chart has no clock.
    public var lastOccurredAt: Timestamp? {
        ([patient.lastOccurredAt] + sessions.map(\.lastOccurredAt)).compactMap(\.self).max()
    }

    /// The last position of the log that it knows of.
    public var lastPosition: Int64 { max(patient.lastPosition, sessions.map(\.lastPosition).max() ?? 0) }

    /// How far each of its streams is known: two charts of the same fold with the same marks are the same.
    public var marks: [String: Int64] {
        var marks = [StreamID.patient(patient.id).description: patient.lastPosition]
        for session in sessions { marks[StreamID.session(session.id).description] = session.lastPosition }
        return marks
    }

    /// `{"patient":…,"sessions":[…]}`, each as its document.
    public var json: JSON { .written { self.write(to: &$0) } }

    /// `json` as canonical text, written without a tree.
    public var document: String { JSONText.written(write).text }

    private func write(to writer: inout CanonicalWriter) {
        writer.object { writer in
            writer.key("patient")
            patient.write(to: &writer)
            writer.key("sessions")
            writer.array(of: sessions) { $1.write(to: &$0) }
        }
    }
}
