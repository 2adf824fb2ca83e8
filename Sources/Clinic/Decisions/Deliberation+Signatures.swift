/// Who must have signed an event, where it is recorded through a door at which people sign.
///
/// Imports and the operator's command line tell of what was signed elsewhere, or wasn't; nothing is asked of them.
extension Deliberation {
    mutating func requireSignatures() throws(Stop) {
        guard proposal.requiresSignatures else { return }
        for required in try signaturesRequired() where !event.signatures.contains(where: required.isMet) {
            let (who, meaning) = (required.who, required.meaning.rawValue)
            let message = "This \(event.body.type) must be signed by \(who) (\(meaning)): send their handle and password in signatures."
            // Signatures stand beside the events: who signs, signs the request.
            let problem = Problem(pointer: "/signatures", message: message)
            throw .refused(Refusal(kind: .invalid, code: "signature-missing", message: message, problems: [problem]))
        }
    }

    private mutating func signaturesRequired() throws(Stop) -> [RequiredSignature] {
        var required: [RequiredSignature] = []
        if override != nil { required.append(RequiredSignature(by: proposal.actor, .responsibility)) }
        guard let body = bodyToSign else { return required }
        switch body {
        case .dischargeOrdered(let order): required.append(RequiredSignature(by: order.by, .approval))
        case .breakGlassReviewed: required.append(RequiredSignature(by: proposal.actor, .review))
        case .consentSigned(let consent): required += try witnessed(by: consent.witness)
        case .drugWasted(let wasting): required += try witnessed(by: wasting.witness)
        case .vialCounted(let count): required += try witnessed(by: count.witness)
        default: break
        }
        return required
    }

    /// What a correction puts in the place of something that is signed is signed like it.
    private var bodyToSign: EventBody? {
        guard case .eventAmended(let amendment) = event.body else { return event.body }
        guard let type = known(proposal.stream)?.root(of: amendment.target)?.body.type else { return nil }
        return try? amendment.body(replacing: type)
    }

    /// Two people: who records it, and another who was there.
    private func witnessed(by witness: String?) throws(Stop) -> [RequiredSignature] {
        guard let witness else { return [] }
        guard witness != proposal.actor else {
            throw refuse(
                .invalid, "witness-is-author",
                "witness names \(proposal.actor), who records this: have somebody else witness it, or leave it out.",
                at: "/data/witness")
        }
        return [
            RequiredSignature(by: proposal.actor, .authorship), RequiredSignature(by: witness, .witness, besides: proposal.actor),
        ]
    }
}

/// A signature that an event must bear.
private struct RequiredSignature {
    /// A staff handle, or a printed name where the data names a witness by it.
    let who: String
    let meaning: Signature.Meaning
    /// Who can't have given it.
    let other: String?

    init(by who: String, _ meaning: Signature.Meaning, besides other: String? = nil) {
        self.who = who
        self.meaning = meaning
        self.other = other
    }

    func isMet(by signature: Signature) -> Bool {
        signature.meaning == meaning && signature.staff != other && (signature.staff == who || signature.name == who)
    }
}
