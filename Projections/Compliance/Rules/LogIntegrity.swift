import Canonical
public import Clinic
public import Ledger

/// A1: a log's positions have no gap, and every entry, digest and hash recomputes from the stored bytes. It judges a log, not a stream, and so is not
/// in the read model: whoever shows it verifies the log first.
public struct LogIntegrity: Rule {
    public let id = "A1"
    public let title = "Log intact"
    public let citation = "21 CFR 11.10(e); 45 CFR 164.312(c)"
    public let needs = "every stored byte of the log"
    public let streams: Set<StreamKind> = []
    public let verdicts: Set<Verdict> = [.pass, .fail]

    public init() {}

    public func evaluate(_ evidence: Evidence) -> Finding { evidence.notApplicable("This is judged on the log as a whole") }

    /// - Parameters:
    ///   - verification: of the whole log, as it is stored now.
    ///   - policyVersion: the policy in force at the end of the log, to be named as with every verdict.
    public func finding(of verification: Verification, policyVersion: String) -> Finding {
        let log = verification.log.kind == .access ? "access log" : "record"
        guard !verification.isIntact else {
            let erased = verification.erased == 0 ? "" : ", \(Phrase.count(Int(verification.erased), "payload")) erased"
            return Finding(
                verdict: .pass,
                sentence:
                    "\(Phrase.count(Int(verification.events), "event")) of the \(log) without a gap\(erased), every digest and hash recomputed; "
                    + "root \(verification.rootHex)",
                deciding: [], policyVersion: policyVersion, decidedAt: nil)
        }
        let named = Phrase.list(verification.findings.map(\.description))
        return Finding(
            verdict: .fail, sentence: "The \(log) is not intact, \(Phrase.count(verification.findingCount, "finding")): \(named)",
            deciding: [],
            policyVersion: policyVersion, decidedAt: nil)
    }

    /// The same as a judgement. It stands on the stream `clinic` for the record, on `access` for the access log.
    public func judgement(of verification: Verification, policyVersion: String) -> Judgement {
        Judgement(
            clinic: verification.log.clinic, stream: verification.log.kind == .access ? .access : .clinic, patient: nil, session: nil,
            sessionAt: nil, rule: id, finding: finding(of: verification, policyVersion: policyVersion))
    }
}
