public import Canonical

/// The verdict that one planted fault must get.
public struct PlantedFault: Sendable, Hashable {
    public let clinic: String
    public let stream: String
    public let rule: String
    /// `fail`, `overridden` or `indeterminate`.
    public let verdict: String
    /// The fault's name, such as `m1-gap-at-start`.
    public let fault: String
    /// How it came about, in a sentence.
    public let story: String

    public var json: JSON {
        [
            "clinic": .string(clinic), "stream": .string(stream), "rule": .string(rule), "verdict": .string(verdict),
            "fault": .string(fault),
            "story": .string(story),
        ]
    }
}
