public import Canonical

extension PatientState {
    /// How a patient's consent stands at an instant.
    public enum ConsentStanding: Sendable, Hashable {
        case inForce(Charted<ConsentSigned>)
        /// None has been signed.
        case notSigned
        case withdrawn(Charted<ConsentWithdrawn>)
        /// The last one was signed on a version that is not the newest published at that time, or on a form that isn't published.
        case outdated(Charted<ConsentSigned>)
    }

    /// - Parameters:
    ///   - instant: consents count when signed and charted by then, withdrawals when charted by then.
    ///   - reference: tells which version of the form is the newest at that time.
    public func consentStanding(at instant: Timestamp, _ reference: ClinicReference) -> ConsentStanding {
        guard let consent = consents.last(where: { $0.at <= instant && $0.body.signedAt <= instant }) else { return .notSigned }
        if let withdrawal = withdrawals.last(where: { $0.at <= instant }), withdrawal.happened(after: consent) {
            return .withdrawn(withdrawal)
        }
        guard reference.newestVersion(of: consent.body.form, at: instant) == consent.body.formVersion else { return .outdated(consent) }
        return .inForce(consent)
    }

    /// The consent in force at an instant, if there is one.
    public func consentInForce(at instant: Timestamp, _ reference: ClinicReference) -> Charted<ConsentSigned>? {
        guard case .inForce(let consent) = consentStanding(at: instant, reference) else { return nil }
        return consent
    }
}
