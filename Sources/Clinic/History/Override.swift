/// A prescriber's decision to go on although a gate fails, with the reason in their words.
///
/// It is kept with every event of its command, also where the gate turned out not to fail.
public struct Override: Sendable, Hashable {
    public let gate: Gate
    public let reason: String

    public init(gate: Gate, reason: String) {
        self.gate = gate
        self.reason = reason
    }
}
