import Canonical
import Clinic

/// Staff, policies and forms. They stand on the stream `clinic`, weeks before the session.
extension Step {
    static let monthAgo: Double = -30 * 24 * 60

    static func enrolled(_ staff: String, _ roles: JSON..., at minute: Double = monthAgo) -> Step {
        Step(
            .staffEnrolled, at: minute, by: "ada", on: .clinic,
            ["staff": .string(staff), "name": "Somebody", "roles": .array(roles)])
    }

    static func revoked(_ staff: String, at minute: Double = 0) -> Step {
        Step(.staffRevoked, at: minute, by: "ada", on: .clinic, ["staff": .string(staff), "reason": "Moved away."])
    }

    static func formPublished(_ version: String = "1", text: String = Story.formText, at minute: Double = monthAgo) -> Step {
        Step(
            .consentFormPublished, at: minute, by: "ada", on: .clinic,
            ["form": "infusion", "version": .string(version), "text": .string(text)])
    }

    static func policyAdopted(_ version: String = "2026-1", effective: Double = monthAgo, at minute: Double = monthAgo) -> Step {
        Step(.policyAdopted, at: minute, by: "ada", on: .clinic, ["version": .string(version), "effective_at": .time(effective)])
    }
}

extension [Step] {
    /// Ada administers, Dr Lin prescribes, Nia nurses, Fay is at the desk, Cora watches over compliance; the consent form is out.
    static let clinic: [Step] = [
        .enrolled("ada", "administrator"), .enrolled("dr.lin", "prescriber"), .enrolled("nia", "nurse"), .enrolled("fay", "front_desk"),
        .enrolled("cora", "compliance"), .formPublished(),
    ]
}
