import Clinic
public import Ledger

extension Ledger {
    /// What rule A1 says of a clinic's logs, as they are stored now: each is verified from its first byte to its last.
    /// - Parameter progress: of both logs, events done and in all.
    public func integrity(of clinic: String, progress: @escaping @Sendable (LogName, Int64, Int64) -> Void = { _, _, _ in }) async throws
        -> [Judgement]
    {
        let dossier = try await dossier(for: Compliance.self, of: clinic, .clinic)
        let reference = dossier.map { Evidence($0).reference }
        let policy = dossier?.asOf.flatMap { reference?.policy(at: $0) } ?? .init()
        var judgements: [Judgement] = []
        for kind in LogName.Kind.allCases {
            guard let log = LogName(clinic: clinic, kind: kind), try await number(of: log) != nil else { continue }
            let verification = try await verify(log) { progress(log, $0, $1) }
            judgements.append(LogIntegrity().judgement(of: verification, policyVersion: policy.version))
        }
        return judgements
    }
}
