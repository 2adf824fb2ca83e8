import Canonical
import Clinic
import Foundation

/// What identifies a patient: as it is, and what it was before.
extension Chart.Patient {
    /// Each change of details in force, with the details before and after it, in order.
    private var changes: [(event: ChartEvent, reason: String, before: JSON, after: JSON)] {
        var details: [String: JSON]?
        var found: [(ChartEvent, String, JSON, JSON)] = []
        for event in entries.history.clinical {
            switch event.body {
            case .patientRegistered: details = event.body.members
            case .patientDetailsChanged(let body):
                guard let before = details else { continue }
                var set = event.body.members
                set["reason"] = nil
                let after = before.merging(set) { $1 }
                details = after
                found.append((event, body.reason, .object(before), .object(after)))
            default: continue
            }
        }
        return found
    }

    /// The events that say who it is.
    var registrations: [UUID] {
        entries.filter { [.patientRegistered, .patientDetailsChanged].contains($0.body.type) }.map(\.id)
    }

    /// `formerly Moor, Ana Lu`: every other name, the last one first. Nil where there was none.
    var formerNames: String? {
        var names: [String] = []
        for change in changes.reversed() {
            let name =
                (change.before["family"]?.text ?? "") + ", "
                + (change.before["given"]?.elements ?? []).compactMap(\.text).joined(separator: " ")
            if name != self.name, !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? nil : "formerly " + names.joined(separator: "; ")
    }

    /// How to reach them, their numbers elsewhere, and each change with its author and reason.
    func writeDetails(to page: inout Page) {
        guard let registration else { return }
        var facts: [(String, String)] = []
        if let phone = registration.phone { facts.append(("Phone", phone)) }
        if let email = registration.email { facts.append(("Email", email)) }
        if let address = registration.address {
            let place = address.line + [address.city, "\(address.state) \(address.postalCode)", address.country]
            facts.append(("Address", place.joined(separator: ", ")))
        }
        for identifier in registration.identifiers ?? [] {
            facts.append(("Identifier", identifier.value + ((identifier.system ?? identifier.type).map { " (\($0))" } ?? "")))
        }
        for (event, reason, before, after) in changes {
            facts.append(
                ("Changed", "\(event.occurredAt.dateAndClock) by \(event.actor): \(Correction.changes(before, after)). \(reason)"))
        }
        guard !facts.isEmpty else { return }
        page.paragraph("Details", .strong)
        for (label, text) in facts { page.fact(label, text) }
        page.space()
    }
}
