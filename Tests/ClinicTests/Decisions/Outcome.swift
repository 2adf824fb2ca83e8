import Clinic
import Testing

/// What a decision answered, and what it wanted to see for it.
struct Outcome {
    let result: Result<Acceptance, Refusal>
    let loaded: Set<StreamID>
    let rounds: Int

    enum Expected {
        case accepted
        /// Accepted, and nothing that others write meanwhile could change that.
        case unconditional
        /// Accepted under a condition that gives way rather than keep it out.
        case neverBlocked
        case refused(String, Refusal.Kind, at: String? = nil)
        case gate(Gate)
    }

    var acceptance: Acceptance? { try? result.get() }
    var refusal: Refusal? {
        guard case .failure(let refusal) = result else { return nil }
        return refusal
    }

    func then(_ expected: Expected, sourceLocation: SourceLocation = #_sourceLocation) {
        switch expected {
        case .accepted:
            #expect(refusal == nil, sourceLocation: sourceLocation)
        case .unconditional:
            #expect(refusal == nil, sourceLocation: sourceLocation)
            #expect(acceptance?.conditions == [], sourceLocation: sourceLocation)
        case .neverBlocked:
            #expect(refusal == nil, sourceLocation: sourceLocation)
            #expect(acceptance?.isNeverBlocked == true, sourceLocation: sourceLocation)
            #expect(acceptance?.conditions.count == 1, sourceLocation: sourceLocation)
        case .refused(let code, let kind, let pointer):
            #expect(refusal?.code == code, sourceLocation: sourceLocation)
            #expect(refusal?.kind == kind, sourceLocation: sourceLocation)
            if let pointer { #expect(refusal?.problems.map(\.pointer) == [pointer], sourceLocation: sourceLocation) }
            expectSound(sourceLocation)
        case .gate(let gate):
            #expect(refusal?.kind == .gate(gate), sourceLocation: sourceLocation)
            #expect(refusal?.code == "gate-" + gate.rawValue.replacing("_", with: "-"), sourceLocation: sourceLocation)
            #expect(refusal?.status == 422, sourceLocation: sourceLocation)
            expectSound(sourceLocation)
        }
    }

    /// What holds of every refusal: a listed code, one sentence, and nothing of the patient's in it.
    private func expectSound(_ sourceLocation: SourceLocation) {
        guard let refusal else { return }
        if case .gate = refusal.kind {} else { #expect(Refusal.codes.contains(refusal.code), sourceLocation: sourceLocation) }
        #expect(refusal.message.hasSuffix("."), sourceLocation: sourceLocation)
        for secret in ["Juniper", "Ash", "H-1", "1984", "Ben", "Chronic", "70 kg"] {
            #expect(!"\(refusal)".contains(secret), sourceLocation: sourceLocation)
        }
    }
}
