import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Tlog

/// Whether an append's answer brings proofs, and how long it may wait for the checkpoint that covers its events.
///
/// `?proof=wait` asks for them; `Prefer: wait=SECONDS` (RFC 7240) sets the bound, which `Preference-Applied` repeats.
struct ProofWait: Sendable {
    static let standard = 3
    static let maximum = 10

    let seconds: Int
    /// Whether the client said how long.
    let isPreference: Bool

    /// Nil where no proof is asked for.
    init?(_ request: Request) throws {
        let query = Query(request)
        guard let text = query.text("proof") else { return nil }
        guard text == "wait" else { throw query.problem("proof", "must be wait, or be left out") }
        let preferred = ProofWait.preference(request.headers)
        isPreference = preferred != nil
        seconds = min(preferred ?? ProofWait.standard, ProofWait.maximum)
    }

    /// The first `wait` of the header; what else stands there is for others, as RFC 7240 asks.
    static func preference(_ headers: HTTPFields) -> Int? {
        for token in headers[values: .prefer].flatMap({ $0.split(separator: ",") }) {
            let parts = token.split(separator: ";")[0].split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, parts[0].lowercased() == "wait" else { continue }
            if let seconds = Int(parts[1]), seconds >= 0 { return seconds }
        }
        return nil
    }
}

extension HTTPField.Name {
    static let prefer = HTTPField.Name("Prefer")!
    static let preferenceApplied = HTTPField.Name("Preference-Applied")!
}

/// The proofs of what a request recorded, by position.
struct ReceiptProofs: Sendable {
    let log: LogName
    /// Empty where no checkpoint covers all of it yet.
    let files: [Int64: ProofFile]
    var isCovered: Bool { !files.isEmpty }

    /// Waits for the checkpoint that covers them. What is recorded stays recorded, so nothing here fails: where there is no proof yet,
    /// the answer says so, and where to ask for it later.
    static func gather(_ receipts: [Receipt], in log: LogName, _ wait: ProofWait, _ ledger: Ledger, _ logger: Logger) async -> ReceiptProofs
    {
        let positions = receipts.map(\.position)
        do {
            let isCovered = try await ledger.waitForCheckpoint(
                of: log, covering: positions.max() ?? 0, limit: .seconds(wait.seconds))
            if isCovered {
                let files = try await ledger.proofs(of: positions, in: log)
                if files.count == positions.count { return ReceiptProofs(log: log, files: files) }
            }
        } catch {
            logger.error("proofs of recorded events cannot be given", metadata: ["log": "\(log)", "error": "\(error)"])
        }
        return ReceiptProofs(log: log, files: [:])
    }

    /// Where a proof is to be had.
    func place(of position: Int64) -> String {
        "/v1/clinics/\(log.clinic)/log/\(log.kind.rawValue)/proof?position=\(position)"
    }
}

extension Recorder.Recorded {
    /// As `json(command:)`, with `covered`, each event's proof where there is one, and `proof_url`, where it is to be had.
    func json(command: String, proofs: ReceiptProofs?) -> JSON {
        let plain = json(command: command, proofs: proofs?.files ?? [:])
        guard let proofs, case .object(var members) = plain, case .array(let events)? = members["events"] else { return plain }
        members["covered"] = .bool(proofs.isCovered)
        members["events"] = .array(
            zip(events, receipts).map { event, receipt in
                guard case .object(var known) = event else { return event }
                known["proof_url"] = .string(proofs.place(of: receipt.position))
                return .object(known)
            })
        return .object(members)
    }
}
