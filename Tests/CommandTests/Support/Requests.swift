import Canonical
import Foundation

/// A small clinic as requests.
enum Requests {
    static let patient = "0198f7a0-0000-7000-8000-00000000aa01"
    static let session = "0198f7a0-0000-7000-8000-00000000bb01"

    static func time(_ minutesAgo: Int64) -> String { Timestamp.now().adding(minutes: -minutesAgo).description }

    static func flat(
        _ stream: String, _ type: String, minutesAgo: Int64, _ data: JSON, command: UUID = UUID(), more: [String: JSON] = [:]
    ) -> JSON {
        var members: [String: JSON] = [
            "command": .string(command.lowercase), "stream": .string(stream), "type": .string(type),
            "occurred_at": .string(time(minutesAgo)),
            "data": data,
        ]
        members.merge(more) { $1 }
        return .object(members)
    }

    static func staff(_ handle: String, _ role: String) -> JSON {
        flat("clinic", "StaffEnrolled", minutesAgo: 1000, ["staff": .string(handle), "name": "Somebody", "roles": [.string(role)]])
    }

    static func vitals(_ heartRate: Int, command: UUID = UUID()) -> JSON {
        flat(
            "session/\(session)", "VitalsRecorded", minutesAgo: 5,
            ["phase": "infusion", "heart_rate": .number(JSONNumber(heartRate)), "source": "manual"], command: command)
    }

    /// Lines of an import file: staff, a patient, an arrival.
    static func lines(clinic: String = "willow") -> [JSON] {
        let requests: [(String, JSON)] = [
            ("o.admin", staff("o.admin", "administrator")), ("o.admin", staff("n.nurse", "nurse")),
            ("o.admin", staff("f.desk", "front_desk")),
            (
                "f.desk",
                flat(
                    "patient/\(patient)", "PatientRegistered", minutesAgo: 900,
                    ["mrn": "W-1", "family": "Reed", "given": ["Ottilie"], "birth_date": "1980-02-29", "sex": "female"])
            ),
            (
                "f.desk",
                flat("session/\(session)", "PatientArrived", minutesAgo: 60, ["patient": .string(patient), "weight_kg": 70])
            ),
        ]
        return requests.map { actor, request in
            guard case .object(var members) = request else { return request }
            members["clinic"] = .string(clinic)
            members["actor"] = .string(actor)
            return .object(members)
        }
    }

    static func file(clinic: String = "willow") -> String { lines(clinic: clinic).map { $0.canonical + "\n" }.joined() }
}
