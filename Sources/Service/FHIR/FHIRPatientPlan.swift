import Canonical
import Clinic
import Foundation
import Ledger

/// What has to be recorded so that the log says of a patient what the source says.
///
/// The log tells by itself what the source said last: the commands of an import are made from the patient's id, from what the source said then,
/// and from the import before it. So what the clinic corrects of its own accord stays, until the source changes the same detail.
enum FHIRPatientPlan {
    /// Nothing: the log has what the source says.
    case upToDate
    case event(command: UUID, type: EventType, data: JSON)

    init(_ patient: FHIRPatient, _ history: History, clinic: String) {
        let content = FieldWriter.write(patient.registration)
        let imports = Imports(history, patient: patient.id, clinic: clinic)
        let details = PatientState(history).details
        guard let base = imports.content ?? details else {
            self = .event(command: imports.command(for: content), type: .patientRegistered, data: content)
            return
        }
        guard let change = Self.change(from: FieldWriter.write(base), to: content) else {
            self = .upToDate
            return
        }
        self = .event(command: imports.command(for: content), type: .patientDetailsChanged, data: change)
    }

    /// The data of PatientDetailsChanged; nil where nothing differs.
    private static func change(from old: JSON, to new: JSON) -> JSON? {
        guard case .object(let old) = old, case .object(let new) = new else { return nil }
        var data = new.filter { old[$0.key] != $0.value }
        let removed = old.keys.filter { new[$0] == nil }.sorted()
        guard !data.isEmpty || !removed.isEmpty else { return nil }
        if !removed.isEmpty { data["removed"] = .array(removed.map { .string($0) }) }
        data["reason"] = "The source of the FHIR import changed it."
        return .object(data)
    }

    /// The imports of one patient that stand in the log: what the last one left, and its command.
    private struct Imports {
        private let namespace: UUID
        private(set) var content: PatientRegistered?
        private var last: UUID?

        init(_ history: History, patient: UUID, clinic: String) {
            namespace = UUID.v5(namespace: FHIRPatient.namespace(of: clinic), name: patient.lowercase)
            // As recorded: a registration that was amended since was imported all the same.
            for (index, event) in history.events.enumerated() {
                switch event.body {
                case .patientRegistered(let body): take(body, event.command)
                case .patientDetailsChanged(let change):
                    // Only the first import may stand on what the clinic had charted itself.
                    let base = content ?? PatientState(History(history.events.prefix(index))).details
                    if let base { take(base.replaced(by: change), event.command) }
                default: continue
                }
            }
        }

        private mutating func take(_ body: PatientRegistered, _ command: UUID) {
            guard command == self.command(for: FieldWriter.write(body)) else { return }
            (content, last) = (body, command)
        }

        /// Version 5 of the import before and the content: a source that goes back to what it said once makes another command.
        func command(for content: JSON) -> UUID {
            UUID.v5(namespace: namespace, name: (last?.lowercase ?? "") + content.canonical)
        }
    }
}
