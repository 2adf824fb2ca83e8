/// A safety check that a prescriber may override with a reason.
///
/// Raw values are the names on the wire and in the log. All names of the domain are known, so that an override written for a gate that is not
/// evaluated yet can be stored and read.
public enum Gate: String, Sendable, Hashable, CaseIterable {
    case candidacy
    case consent
    case contraindication
    case fasting
    case dose
    case score
    case order
    case driver
    case recoveryTime = "recovery_time"
    case ivIn = "iv_in"
    case sideEffectOpen = "side_effect_open"
}
