/// Side effects are never blocked; their resolution must name one.
extension Deliberation {
    mutating func judge(_ resolution: SideEffectResolved) throws(Stop) {
        try requireRole()
        let state = try requireOpenSession()
        guard let course = state.sideEffects.first(where: { $0.observed.id == resolution.observed }) else {
            throw refuse(
                .invalid, "unknown-observation",
                "observed names no side effect that was observed in this session by this time; give the id of its SideEffectObserved.",
                at: "/data/observed")
        }
        let whole = SessionState(try consult(proposal.stream)).sideEffects.first { $0.observed.id == resolution.observed }
        guard whole?.resolved == nil else {
            throw refuse(
                .conflict, "already-resolved", "This side effect is resolved already; observe it anew if it came back.",
                at: "/data/observed")
        }
        guard course.observed.body.effect == resolution.effect else {
            throw refuse(
                .invalid, "effect-mismatch", "effect is not the one that the observed event names; check which side effect is meant.",
                at: "/data/effect")
        }
    }
}
