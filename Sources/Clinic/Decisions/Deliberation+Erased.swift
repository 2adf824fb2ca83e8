/// What was erased stays so: nothing is charted on top of it.
extension Deliberation {
    /// A vial goes on: of it only what concerned one patient was erased.
    func checkErased() throws(Stop) {
        guard [.patient, .session].contains(proposal.stream.kind), known(proposal.stream)?.erased.isEmpty == false else { return }
        throw refuse(
            .conflict, "erased",
            "The data on \(proposal.stream) was erased, and nothing can be charted there any more; register the patient anew, under a new id."
        )
    }

    func recordedByErasuresOnly() -> Stop {
        refuse(
            .invalid, "erasure-only",
            "PayloadErased is recorded by an erasure alone, in the transaction that erases: use `dripline erase`.",
            at: "/type")
    }
}
