public import Clinic
public import Ledger

extension StreamKind {
    /// Which of a clinic's two logs the streams of this kind stand in.
    public var log: LogName.Kind { self == .access ? .access : .record }
}
