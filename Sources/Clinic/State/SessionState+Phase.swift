extension SessionState {
    /// Where a session is on its way. Raw values are the names on the wire.
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        case booked
        /// It will not take place.
        case cancelled
        case arrived
        case ivIn = "iv_in"
        case infusing
        /// An infusion runs at rate 0.
        case paused
        /// The last infusion has stopped.
        case recovering
        case discharged
    }

    /// Nil for a session that does not exist.
    public var phase: Phase? {
        guard exists else { return nil }
        if discharge != nil { return .discharged }
        if let rate { return rate > .zero ? .infusing : .paused }
        if !runs.isEmpty { return .recovering }
        if isIVIn { return .ivIn }
        if arrival != nil { return .arrived }
        return cancellation == nil ? .booked : .cancelled
    }
}
