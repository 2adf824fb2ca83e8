public import Tlog

/// What a verification may hold a log against, beside its own bytes.
public struct VerifyOptions: Sendable {
    /// The keys by which the log's checkpoints are signed. Empty: signatures are not checked.
    public var keys: [VerifierKey] = []
    /// The origin that its checkpoints must name; nil where no key is at hand.
    public var origin: String?
    /// The keys of witnesses. Cosignatures by others are ignored.
    public var witnesses: [VerifierKey] = []
    /// What was signed last, as remembered outside the database.
    public var memory: SealMemory.State?
    /// A checkpoint that was kept elsewhere: the log must extend it.
    public var against: Note?

    public init() {}
}
