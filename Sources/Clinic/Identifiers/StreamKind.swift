/// What a stream tells the story of. The raw value is the first part of its name.
public enum StreamKind: String, Sendable, Hashable, CaseIterable {
    case patient, session, vial, clinic, access
}
