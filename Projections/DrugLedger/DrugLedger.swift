import Canonical
public import Clinic
import Foundation
import Postgres

/// The account of each vial: what came in, what went out, what was counted, and what nobody can explain. Micrograms throughout.
public struct DrugLedger: Projection {
    public static let name = "drug_ledger"
    public static let version = 1
    public static let streams: Set<StreamKind> = [.vial]
    public static let context: Set<DossierContext> = [.sessions, .clinic]
    public static var definition: [UInt8] { PackageResources.projection_drug_ledger_sql }
    public static var reporting: [UInt8]? { PackageResources.reporting_drug_ledger_sql }

    public static let tables = [
        ProjectionTable(
            "vials",
            [
                "vial", "drug", "form", "lot", "ndc", "concentration_ug_per_ml", "volume_ul", "expires_on", "supplier", "invoice",
                "received_at", "received_by", "received_ug", "dispensed_ug", "given_ug", "wasted_ug", "returned_ug", "lost_ug",
                "expected_ug", "counted_ug", "counted_at", "counted_by", "at_chair_ug", "reported_later_ug", "unexplained_ug", "sessions",
                "in_use",
                "last_moved_at",
            ]),
        ProjectionTable(
            "movements",
            [
                "vial", "event", "position", "kind", "moved_at", "amount_ug", "in_ug", "out_ug", "balance_ug", "unexplained_ug", "actor",
                "witness", "session", "source",
            ]),
    ]

    public static func rows(of dossier: Dossier, into rows: inout RowSink) throws {
        guard let account = VialAccount(dossier), !dossier.history.isEmpty else { return }
        let statement = try account.statement()
        rows.add(0, try vial(account, statement, isPartlyErased: dossier.isPartlyErased))
        for movement in statement {
            rows.add(
                1,
                [
                    account.vial, movement.event, movement.position, movement.kind.rawValue, SQLTimestamp(movement.at),
                    movement.amount.thousandths, movement.incoming.thousandths, movement.outgoing.thousandths,
                    movement.balance.thousandths, movement.unexplained?.thousandths, movement.actor, movement.witness, movement.session,
                    movement.stream.description,
                ])
        }
    }

    private static func vial(_ account: VialAccount, _ statement: [VialAccount.Movement], isPartlyErased: Bool) throws -> [(any SQLValue)?]
    {
        let (balance, received, count) = (try account.balance(), account.state.received, account.counts.last)
        let comparison = try count.map { try account.comparison(with: $0) }
        let drug = received?.body
        return [
            account.vial, drug?.drug, drug?.form, drug?.lot, drug?.ndc, drug?.concentrationMgPerMl.thousandths, drug?.volumeMl.thousandths,
            drug?.expiresOn.description, drug?.supplier, drug?.invoice, SQLTimestamp(received?.at), received?.actor,
            balance.received.thousandths, balance.dispensed.thousandths, balance.given.thousandths, balance.wasted.thousandths,
            balance.returned.thousandths, balance.lost.thousandths, balance.expected.thousandths, count?.onHand.thousandths,
            SQLTimestamp(count?.at), count?.actor, comparison?.atChair.thousandths, comparison?.reportedLater.thousandths,
            // What is missing only because it was erased is not unexplained.
            isPartlyErased ? nil : comparison?.unexplained.thousandths, account.sessions.count, account.isInUse,
            SQLTimestamp(statement.last?.at),
        ]
    }
}

extension VialAccount {
    /// Nil where the dossier is not a vial's.
    init?(_ dossier: Dossier) {
        guard dossier.stream.kind == .vial, let id = dossier.stream.id else { return nil }
        let sessions = dossier.sessions.reduce(into: [UUID: SessionState]()) { states, session in
            if let id = session.key.id { states[id] = SessionState(session.value) }
        }
        self.init(
            id, VialState(dossier.history), sessions: sessions, inventories: ClinicReference(dossier.clinicHistory).inventories)
    }
}
