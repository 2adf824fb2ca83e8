import Canonical
import Clinic
import Foundation

@testable import Projections

/// A vial of 100 mg in the clinic of the scenario: its infusions start from it unless they say otherwise.
extension Scenario {
    func vialDossier(asOf: String? = nil) -> Dossier {
        let sessions = events.keys.filter { $0.kind == .session }.map { ($0, history($0)) }
        return Dossier(
            clinic: Self.clinic, stream: .vial(Self.vial), history: history(.vial(Self.vial)), clinicHistory: history(.clinic),
            sessions: Dictionary(uniqueKeysWithValues: sessions), asOf: asOf.map { .of($0) })
    }

    /// - Parameter asOf: when it is looked at; two days later unless it says otherwise.
    func judgeVial(_ rule: String, asOf: String = "2026-03-12") -> Finding {
        guard let found = Judgement.all(of: vialDossier(asOf: asOf)).first(where: { $0.rule == rule }) else {
            preconditionFailure("\(rule) does not judge vials")
        }
        return found.finding
    }

    func judgeClinic(_ rule: String, asOf: String) -> Finding { judge(rule, .clinic, asOf: .of(asOf)) }

    var account: VialAccount {
        guard let account = VialAccount(vialDossier()) else { preconditionFailure("the dossier is a vial's") }
        return account
    }

    @discardableResult
    mutating func receive(_ time: String = "2026-03-01", concentration: JSON = "50", volume: JSON = "2") -> UUID {
        record(
            .drugReceived, on: .vial(Self.vial), time,
            [
                "drug": "ketamine", "form": "injection", "lot": "K-7", "concentration_mg_per_ml": .decimal(concentration),
                "volume_ml": .decimal(volume), "expires_on": "2027-06-30", "supplier": "Elm Supply",
            ])
    }

    @discardableResult
    mutating func dispense(
        _ time: String = "09:25", _ drawn: JSON = "20", by actor: String = "nia", session: UUID = session, patient: UUID = patient
    ) -> UUID {
        record(
            .drugDispensed, on: .vial(Self.vial), time, by: actor,
            ["session": .id(session), "patient": .id(patient), "drawn_mg": .decimal(drawn), "to": "nia"])
    }

    @discardableResult
    mutating func waste(
        _ time: String = "10:10", _ amount: JSON = "10", witness: String? = "ada", by actor: String = "nia", session: UUID? = session
    ) -> UUID {
        var data: [String: JSON] = ["amount_mg": .decimal(amount), "manner": "sink"]
        data["witness"] = witness.map { .string($0) }
        data["session"] = session.map { .id($0) }
        return record(.drugWasted, on: .vial(Self.vial), time, by: actor, .object(data))
    }

    @discardableResult
    mutating func count(_ time: String = "17:00", _ onHand: JSON = "80") -> UUID {
        record(.vialCounted, on: .vial(Self.vial), time, ["on_hand_mg": .decimal(onHand), "witness": "ada"])
    }

    @discardableResult
    mutating func lose(_ time: String, _ amount: JSON = "5", form: String? = nil) -> UUID {
        var data: [String: JSON] = ["amount_mg": .decimal(amount), "note": "The count was short."]
        data["form_106"] = form.map { .string($0) }
        return record(.drugLossReported, on: .vial(Self.vial), time, .object(data))
    }

    @discardableResult
    mutating func giveBack(_ time: String, _ amount: JSON) -> UUID {
        record(.drugReturned, on: .vial(Self.vial), time, ["amount_mg": .decimal(amount)])
    }

    @discardableResult
    mutating func inventory(_ taken: String, _ lines: [UUID: JSON] = [:], entered: String? = nil) -> UUID {
        record(
            .inventoryTaken, on: .clinic, entered ?? taken, by: "ada",
            [
                "taken_at": .string(Timestamp.of(taken).description), "at": "open",
                "lines": .array(
                    lines.sorted { $0.key.uuidString < $1.key.uuidString }.map { ["vial": .id($0.key), "on_hand_mg": .decimal($0.value)] }),
            ])
    }

    /// 100 mg received, 20 drawn, 10 given in half an hour, 10 wasted before a witness, 80 counted in the evening.
    static func accountedFor() -> Scenario {
        var scenario = Scenario()
        scenario.receive()
        scenario.dispense()
        scenario.insert()
        scenario.start()
        scenario.stop()
        scenario.waste()
        scenario.count()
        return scenario
    }
}
