import Canonical

/// Consent and its withdrawal.
extension Deliberation {
    mutating func judge(_ consent: ConsentSigned) throws(Stop) {
        let reference = try requireRole()
        try requireRegistered()
        guard consent.signedAt <= now.adding(minutes: Self.clockToleranceMinutes) else {
            throw refuse(
                .invalid, "signed-in-the-future",
                "signed_at is more than \(Self.clockToleranceMinutes) minutes ahead of the server's clock; check the clock.",
                at: "/data/signed_at")
        }
        guard reference.newestVersion(of: consent.form, at: event.occurredAt) != nil else {
            throw refuse(
                .invalid, "unknown-form", "form names no consent form that was published by this time; publish it first.", at: "/data/form")
        }
        guard let form = reference.form(consent.form, version: consent.formVersion, at: event.occurredAt) else {
            throw refuse(
                .invalid, "unknown-form", "form_version names no version of this form that was published by this time; publish it first.",
                at: "/data/form_version")
        }
        guard form.digest == consent.formDigest.lowercased() else {
            throw refuse(
                .invalid, "digest-mismatch",
                "form_digest is not the SHA-256 of the published text of this version; show the published text and have it signed.",
                at: "/data/form_digest")
        }
    }

    /// Always possible for a known patient, also where no consent was signed: a "no" is recorded as it comes.
    mutating func judgeConsentWithdrawn() throws(Stop) {
        try requireRole()
        try requireRegistered()
    }
}
