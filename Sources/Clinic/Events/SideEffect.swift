/// The adverse effects that can be charted. What is not listed is `other`, with a note.
public enum SideEffect: String, Choice {
    case dissociation, hallucination, drowsiness, dizziness, vertigo, nausea, vomiting
    case hypertension, hypotension, tachycardia, bradycardia
    case nystagmus, diplopia
    case blurredVision = "blurred_vision"
    case anxiety, agitation, headache
    case hypoxaemia, apnoea, laryngospasm, hypersalivation
    case paraesthesia, flushing, urticaria, anaphylaxis
    case ivSiteReaction = "iv_site_reaction"
    case other

    public var label: String { self == .ivSiteReaction ? "IV site reaction" : rawValue.replacing("_", with: " ") }
}
