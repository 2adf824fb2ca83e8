/// Why a log is not sealed. Nothing was signed.
public enum SealError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The database holds fewer events than were signed already.
    case behind(LogName, signed: UInt64, held: UInt64)
    /// The database holds another tree than the one that was signed at this size.
    case forked(LogName, size: UInt64)
    /// A stored event is not what it was when its leaf was made, or is missing.
    case altered(LogName, position: Int64)
    /// The stored tiles do not make the root of the last checkpoint.
    case tiles(LogName, size: UInt64)
    /// The file that remembers what was signed.
    case memory(String, String)
    case key(String)

    public var description: String {
        switch self {
        case .behind(let log, let signed, let held):
            "\(log): \(signed) events were signed, and the database holds \(held): it was put back from an older backup, or its tail was cut off. "
                + "Nothing is signed until that is resolved. Run `dripline verify --clinic \(log.clinic)` and compare with a checkpoint kept elsewhere."
        case .forked(let log, let size):
            "\(log): the database holds another history of its first \(size) events than the one that was signed. Nothing is signed until that is "
                + "resolved. Run `dripline verify --clinic \(log.clinic) --against CHECKPOINT` with a checkpoint kept elsewhere."
        case .altered(let log, let position):
            "\(log): the event at position \(position) is missing or was altered since it was recorded. Nothing is signed until that is resolved. "
                + "Run `dripline verify --clinic \(log.clinic)`."
        case .tiles(let log, let size):
            "\(log): the stored tiles do not make the root that was signed at size \(size). Run `dripline verify --clinic \(log.clinic)`."
        case .memory(let path, let what): "\(path), which remembers what was signed: \(what)."
        case .key(let what): "The signing key: \(what)."
        }
    }
}
