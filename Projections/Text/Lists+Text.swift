import Canonical
import Clinic
public import Foundation

extension PatientSummary {
    /// A line a patient.
    public static func text(_ patients: [PatientSummary], style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        guard !patients.isEmpty else {
            page.paragraph("No patients.")
            return page.text
        }
        var table = TextTable([.init("MRN"), .init("born"), .init("patient"), .init("name")])
        for patient in patients {
            let name = [patient.family ?? "", patient.given.joined(separator: " ")].filter { !$0.isEmpty }.joined(separator: ", ")
            table.add([
                .init(patient.mrn ?? ""), .init(patient.birthDate ?? ""), .init(patient.id.lowercase, .faint), .init(name, .strong),
            ])
        }
        page.table(table)
        return page.text
    }
}

extension SessionSummary {
    /// A line a session.
    public static func text(
        _ sessions: [SessionSummary], names: [UUID: String], style: TextStyle = .plain, width: Int = 100
    ) -> String {
        var page = Page(style: style, width: width)
        guard !sessions.isEmpty else {
            page.paragraph("No sessions.")
            return page.text
        }
        var table = TextTable([.init("date"), .init("time"), .init("#", .right), .init("state"), .init("session"), .init("patient")])
        for session in sessions {
            let (at, phase) = (session.arrivedAt ?? session.scheduledAt, session.state.flatMap(SessionState.Phase.init))
            table.add([
                .init(at?.date.description ?? ""), .init(at?.clock ?? ""), .init(session.number.map(String.init) ?? ""),
                .init(phase?.words ?? "", phase?.tone ?? .faint), .init(session.id.lowercase, .faint),
                .init(session.patient.map { names[$0] ?? $0.lowercase } ?? ""),
            ])
        }
        page.table(table)
        return page.text
    }
}
