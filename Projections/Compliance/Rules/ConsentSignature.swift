import Canonical
import Clinic

/// C2: the last consent signed before the first IV line bears the signer's printed name, the time and what the signature means, and is on the text of
/// a published form: its digest is that of the version that it names, published by then.
struct ConsentSignature: Rule {
    let id = "C2"
    let title = "Consent signature"
    let citation = "21 CFR 11.50, 11.70"
    let needs = "the consents of the patient, the published forms, and the first IV line of the session"

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let line = evidence.session.lines.first?.inserted else { return evidence.notApplicable("No IV line was inserted") }
        let at = line.at
        guard let consent = evidence.patient.consents.last(where: { $0.at <= at && $0.body.signedAt <= at }) else {
            return evidence.notApplicable("No consent had been signed when the IV went in, see C1")
        }
        let (signature, form) = (consent.body, "\(consent.body.form) \(consent.body.formVersion)")
        var faults: [String] = []
        if signature.signer.name.isBlank { faults.append("has no printed name") }
        if signature.meaning.isBlank { faults.append("does not say what it means") }
        if let published = evidence.reference.form(signature.form, version: signature.formVersion, at: consent.at) {
            if published.digest != signature.formDigest.lowercased() { faults.append("is not on the published text of \(form)") }
        } else {
            faults.append("is on \(form), which was not published by then")
        }
        let deciding = [evidence.decidingOfPatient(consent), evidence.deciding(line)]
        let signed = "signature of \(signature.signedAt.dateAndClock)"
        guard faults.isEmpty else { return evidence.finding(.fail, "The \(signed) \(Phrase.list(faults))", deciding, at: at) }
        return evidence.finding(
            .pass, "The \(signed) bears name, time and meaning, on the published text of \(form)", deciding, at: at)
    }
}

extension String {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
