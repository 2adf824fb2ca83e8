/// The prepared statements of one connection, least recently used first out.
struct StatementCache {
    struct Key: Hashable {
        let sql: String
        /// 0 for a bare NULL, whose type the server infers: the same text with a typed parameter there is another statement.
        let types: [UInt32]
    }

    static let limit = 256

    private struct Entry {
        let name: String
        var used: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    private var serial = 0

    var count: Int { entries.count }

    /// The name of a statement that is prepared already.
    mutating func name(for key: Key) -> String? {
        clock += 1
        entries[key]?.used = clock
        return entries[key]?.name
    }

    /// A fresh name; no name is ever used twice on a connection, so a stale one can't hit another statement.
    mutating func newName() -> String {
        serial += 1
        return "d\(serial)"
    }

    mutating func insert(_ key: Key, name: String) {
        clock += 1
        entries[key] = Entry(name: name, used: clock)
    }

    /// Where the cache is full: takes the least recently used entry out and gives the name to deallocate.
    mutating func evict() -> String? {
        guard entries.count >= Self.limit, let oldest = entries.min(by: { $0.value.used < $1.value.used }) else { return nil }
        entries[oldest.key] = nil
        return oldest.value.name
    }

    /// Forgets everything, giving the names.
    mutating func removeAll() -> [String] {
        defer { entries.removeAll() }
        return entries.values.map(\.name)
    }
}
