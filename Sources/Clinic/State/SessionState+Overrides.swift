public import Canonical

extension SessionState {
    /// The last override of a gate that a prescriber made in this session by an instant. It stands for the rest of the session, so that nobody
    /// has to override the same gate at every step; a request can carry one gate only, and two are opened by two events.
    ///
    /// What makes it fall again is for the caller to know: a consent that is withdrawn later, a dose that is another order.
    public func override(of gate: Gate, by instant: Timestamp, _ reference: ClinicReference) -> GateOverride? {
        overrides.last {
            $0.override.gate == gate && $0.at <= instant
                && reference.staff($0.actor, at: $0.at)?.roles.contains(.prescriber) == true
        }
    }
}
