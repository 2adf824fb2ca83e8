public import Canonical
public import Clinic
public import Foundation

extension Chart {
    /// What is on a patient's own stream.
    public struct Patient: Sendable, Hashable {
        public let id: UUID
        /// In the order of happening, voided ones too.
        public let entries: [Entry]
        /// The last position on the stream, corrections included; 0 where there is none.
        public let lastPosition: Int64
        /// The facts in force, folded.
        public let state: PatientState
        /// Whether the patient's data was erased: then there is nothing else, but for what tells of the erasure where it lies within the bounds.
        public let isErased: Bool

        public init(_ id: UUID, _ history: History) {
            self.id = id
            entries = Entry.all(of: history)
            lastPosition = max(history.events.last?.position ?? 0, history.erased.last?.position ?? 0)
            isErased = !history.erased.isEmpty
            state = PatientState(history)
        }

        public var lastOccurredAt: Timestamp? { entries.last { !$0.isVoided }?.event.occurredAt }
        public var registration: PatientRegistered? { state.details }

        /// The family name first: `Ashdown, Juniper`. The id where nobody is registered; `Erased` where they were.
        public var name: String {
            guard let registration else { return isErased ? "Erased" : id.lowercase }
            return registration.family + ", " + registration.given.joined(separator: " ")
        }

        /// The last thing that was done about consent. Whether it is in force also depends on the clinic's forms.
        public var consent: ConsentStatus {
            guard let signed = state.consents.last else { return .none }
            guard let withdrawn = state.withdrawals.last else { return .signed }
            return (withdrawn.at, withdrawn.position) > (signed.at, signed.position) ? .withdrawn : .signed
        }

        public enum ConsentStatus: String, Sendable, Hashable, CaseIterable {
            case none, signed, withdrawn
        }
    }
}

extension Chart.Patient {
    /// Where the facts of each type stand in the document.
    static func group(_ type: EventType) -> String {
        switch type {
        case .patientRegistered, .patientDetailsChanged: "registrations"
        case .consultationRecorded: "consultations"
        case .treatmentPlanned: "plans"
        case .consentSigned: "consents"
        case .consentWithdrawn: "withdrawals"
        case .followUpRecorded: "follow_ups"
        case .payloadErased: "erasures"
        default: "notes"
        }
    }

    /// `{"patient","last_position","last_occurred_at"?,"details"?,"consent","registrations":[…],"consultations":[…],"plans":[…],"consents":[…],
    /// "withdrawals":[…],"follow_ups":[…],"notes":[…],"erased"?:true,"erasures":[…]}`; a group without facts is left out. `details` is the
    /// registration with the changes since on top; what it was before stands among the `registrations`.
    public var json: JSON { .written { self.write(to: &$0) } }

    func write(to writer: inout CanonicalWriter) {
        let groups = entries.grouped(by: Chart.Patient.group)
        writer.object { writer in
            writer.member("consent", consent.rawValue)
            writer.member("consents", groups["consents"])
            writer.member("consultations", groups["consultations"])
            if let registration {
                writer.key("details")
                writer.json(EventBody.patientRegistered(registration).data)
            }
            if isErased {
                writer.key("erased")
                writer.bool(true)
            }
            writer.member("erasures", groups["erasures"])
            writer.member("follow_ups", groups["follow_ups"])
            writer.member("last_occurred_at", lastOccurredAt)
            writer.member("last_position", lastPosition)
            writer.member("notes", groups["notes"])
            writer.member("patient", id)
            writer.member("plans", groups["plans"])
            writer.member("registrations", groups["registrations"])
            writer.member("withdrawals", groups["withdrawals"])
        }
    }

    public init(json: JSON) throws(DocumentError) {
        let fields = try DocumentFields(json, "patient")
        id = try fields.required("patient", \.uuid)
        lastPosition = try fields.required("last_position", \.int64)
        isErased = json["erased"] == true
        entries = try Chart.Entry.gather(from: fields, by: Chart.Patient.group, stream: .patient(id))
        state = PatientState(entries.history)
    }
}

extension [Chart.Entry] {
    func grouped(by group: (EventType) -> String) -> [String: [Chart.Entry]] {
        Dictionary(grouping: self) { group($0.event.body.type) }
    }

    /// The facts in force as a history without corrections: folds see the same as in the one that it was made from.
    var history: History {
        History(filter { !$0.isVoided }.map(\.inForce).sorted { $0.position < $1.position })
    }
}

extension Chart.Entry {
    static func gather(
        from fields: DocumentFields, by group: (EventType) -> String, stream: StreamID
    ) throws(DocumentError) -> [Chart.Entry] {
        var entries: [Chart.Entry] = []
        for name in Set(EventType.allCases.map(group)) {
            for json in try fields.list(name) { entries.append(try Chart.Entry(json: json, stream: stream)) }
        }
        return entries.sorted { $0.event.happened(before: $1.event) }
    }
}
