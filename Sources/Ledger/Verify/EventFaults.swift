/// What is wrong with one event's own bytes, whatever stands before and after it.
struct EventFaults: OptionSet, Sendable {
    let rawValue: UInt16

    static let entry = EventFaults(rawValue: 1 << 0)
    static let leaf = EventFaults(rawValue: 1 << 1)
    static let payload = EventFaults(rawValue: 1 << 2)
    static let reason = EventFaults(rawValue: 1 << 3)
    static let reasonLost = EventFaults(rawValue: 1 << 4)
    static let reasonStands = EventFaults(rawValue: 1 << 5)
    static let canonical = EventFaults(rawValue: 1 << 6)
    /// No fault: the payload was erased.
    static let erased = EventFaults(rawValue: 1 << 7)

    /// In the order in which they are told.
    private static let sentences: [(EventFaults, String)] = [
        (.entry, "the entry does not say what the columns say"),
        (.leaf, "the leaf hash is not that of the entry"),
        (.reasonStands, "the override's reason stands although its salt was erased"),
        (.payload, "the payload does not match its digest"),
        (.reason, "the override's reason does not match its digest"),
        (.reasonLost, "the override has lost its reason"),
        (.canonical, "the payload is not canonical JSON"),
    ]

    /// What they are in words, without clinical content.
    var words: [String] { Self.sentences.filter { contains($0.0) }.map(\.1) }
}
