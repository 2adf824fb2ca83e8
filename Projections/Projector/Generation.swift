/// Which set of a read model's tables: those that are read, or those that a rebuild fills beside them.
enum Generation: String, Sendable {
    case serving
    case next

    /// The schema of a projection's tables.
    func schema(of name: String) -> String {
        switch self {
        case .serving: name
        case .next: name + "_next"
        }
    }
}
