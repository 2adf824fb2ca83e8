import Canonical
import Clinic
import Foundation

/// A vial of 100 mL at 5 mg/mL, 500 mg, that came in a month before the session, and what becomes of it.
extension Step {
    static let received = Step(
        .drugReceived, at: monthAgo, by: "nia", on: Story.vial,
        [
            "drug": "ketamine", "form": "injection", "lot": "L-1", "concentration_mg_per_ml": 5, "volume_ml": 100,
            "expires_on": "2026-12-31", "supplier": "Carolina Medical",
        ])

    static func dispensed(_ drawn: Double = 70) -> Step {
        Step(
            .drugDispensed, at: 12, by: "nia", on: Story.vial,
            [
                "session": .id(Story.id(2)), "patient": .id(Story.patientID), "drawn_mg": .decimal(drawn), "to": "nia",
            ])
    }

    static func wasted(_ amount: Double = 40) -> Step {
        Step(
            .drugWasted, at: 70, by: "nia", on: Story.vial,
            ["amount_mg": .decimal(amount), "manner": "sharps container", "witness": "dr.lin"])
    }

    static func returned(_ amount: Double = 400) -> Step {
        Step(.drugReturned, at: 200, by: "nia", on: Story.vial, ["amount_mg": .decimal(amount)])
    }

    static let counted = Step(.vialCounted, at: 210, by: "nia", on: Story.vial, ["on_hand_mg": 430])
    static let lost = Step(.drugLossReported, at: 220, by: "nia", on: Story.vial, ["amount_mg": 5, "note": "Dropped."])

    static func inventory(_ vials: UUID...) -> Step {
        Step(
            .inventoryTaken, at: 230, by: "nia", on: .clinic,
            [
                "taken_at": .time(225), "at": "close", "lines": .array(vials.map { ["vial": .id($0), "on_hand_mg": 430] }),
            ])
    }
}

/// The access log. `Story.access` is the stream about the patient.
extension Step {
    static let chartRead = Step(
        .chartRead, at: 5, by: "nia", on: Story.access, ["patient": .id(Story.patientID), "resource": "chart", "purpose": "treatment"])
    static let exported = Step(
        .exportMade, at: 6, by: "cora", on: Story.access, ["resource": "audit", "patient": .id(Story.patientID)])
    static let disclosed = Step(
        .disclosureMade, at: 7, by: "fay", on: Story.access,
        ["patient": .id(Story.patientID), "recipient": "Dr Moss", "description": "Chart.", "purpose": "Referral."])
    static let glassBroken = Step(
        .breakGlassInvoked, at: 8, by: "fay", on: Story.access, ["patient": .id(Story.patientID), "reason": "Patient collapsed."]
    ).id(Story.id(60))
    static let glassReviewed = Step(
        .breakGlassReviewed, at: 100, by: "cora", on: Story.access, ["invocation": .id(Story.id(60)), "outcome": "justified"])
    static let signedIn = Step(.signedIn, at: 1, by: "nia", on: .access(Story.id(61)), ["method": "password"])
    static let signedOut = Step(.signedOut, at: 2, by: "nia", on: .access(Story.id(61)), ["reason": "request"])
    static let signInFailed = Step(.signInFailed, at: 1, by: "nobody", on: .access(Story.id(61)), [:])
    static let accessDenied = Step(
        .accessDenied, at: 1, by: "nobody", on: Story.access, ["resource": "chart", "patient": .id(Story.id(77))])
}
