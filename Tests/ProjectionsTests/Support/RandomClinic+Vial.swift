import Canonical
import Clinic
import Foundation

/// The account of the drug.
extension RandomClinic {
    mutating func vialDraft() -> Draft {
        guard let vial = vials.randomElement(using: &random), !random.once(in: 4) else { return receipt() }
        let stream = StreamID.vial(vial)
        let amount = JSON.number(JSONNumber(thousandths: Int64.random(in: 1...80_000, using: &random)))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Draft(stream: stream, actor: "nia", type: .vialCounted, data: ["on_hand_mg": amount])
        case 1: return Draft(stream: stream, actor: "nia", type: .drugReturned, data: ["amount_mg": amount])
        case 2, 3:
            var data: [String: JSON] = ["amount_mg": amount, "manner": "sharps container"]
            if random.once(in: 2) { data["witness"] = "dr.lin" }
            return Draft(stream: stream, actor: "nia", type: .drugWasted, data: .object(data))
        default:
            guard let session = sessions.randomElement(using: &random),
                let patient = SessionState(history(.session(session))).patient
            else { return receipt() }
            let data: JSON = [
                "session": .string(session.lowercase), "patient": .string(patient.lowercase), "drawn_mg": amount, "to": "nia",
            ]
            return Draft(stream: stream, actor: "nia", type: .drugDispensed, data: data)
        }
    }

    mutating func receipt() -> Draft {
        Draft(
            stream: .vial(unpack()), actor: "nia", type: .drugReceived,
            data: [
                "drug": "ketamine", "form": "injection", "lot": .string("L-\(next())"), "concentration_mg_per_ml": 5, "volume_ml": 100,
                "expires_on": "2030-12-31", "supplier": "Carolina Medical",
            ])
    }
}
