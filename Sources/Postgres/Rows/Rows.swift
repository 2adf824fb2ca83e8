/// The rows that a query returned, kept in libpq's memory until the last copy of this value goes away.
public struct Rows: Sendable, RandomAccessCollection {
    final class Storage: Sendable {
        let result: QueryResult
        /// Apart from the names, which are needed only for errors: reading a field looks at nothing else.
        let types: [SQLType]

        init(_ result: consuming QueryResult) {
            types = (0..<result.columnCount).map { result.columnType($0) }
            self.result = result
        }

        var columns: [Column] {
            types.indices.map { Column(name: result.columnName($0), type: types[$0]) }
        }
    }

    /// The name and type of a column, as the server described them.
    public struct Column: Sendable, Hashable {
        public let name: String
        public let type: SQLType
    }

    let storage: Storage

    init(_ result: consuming QueryResult) {
        storage = Storage(result)
    }

    public var columns: [Column] { storage.columns }
    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.result.rowCount }

    public subscript(index: Int) -> Row {
        precondition(indices.contains(index), "row index out of range")
        return Row(storage: storage, index: index)
    }

    /// The only row; throws `RowError` when there are none or several.
    public func only() throws -> Row {
        guard count == 1 else { throw RowError.count(expected: 1, found: count) }
        return self[0]
    }
}
