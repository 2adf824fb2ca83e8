/// One row of a `Rows`. Reading a field checks the column's type against the Swift type.
public struct Row: Sendable {
    let storage: Rows.Storage
    let index: Int

    public var columns: [Rows.Column] { storage.columns }

    /// The value of a column, counted from 0. Throws `RowError` when the type does not fit, or on NULL where `Value` isn't an optional.
    public func value<Value: SQLValue>(_ column: Int, as type: Value.Type = Value.self) throws -> Value {
        guard storage.types.indices.contains(column) else {
            throw RowError.noColumn("\(column)", available: storage.types.count)
        }
        let sqlType = storage.types[column]
        guard Value.accepts(sqlType) else {
            throw RowError.type(column: storage.result.columnName(column), sql: sqlType, swift: "\(Value.self)")
        }
        switch storage.result.withField(index, column, { Value.decode($0) }) {
        case .value(let value):
            return value
        case .malformed:
            throw RowError.malformed(column: storage.result.columnName(column), sql: sqlType, swift: "\(Value.self)")
        case .null:
            guard let null = Value.null else { throw RowError.null(column: storage.result.columnName(column), swift: "\(Value.self)") }
            return null
        }
    }

    /// The value of the first column of that name.
    public func value<Value: SQLValue>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let column = storage.result.column(named: name) else {
            throw RowError.noColumn(name, available: storage.types.count)
        }
        return try value(column, as: type)
    }

    /// The only column.
    public func decode<Value: SQLValue>(_ type: Value.Type) throws -> Value {
        guard storage.types.count == 1 else { throw RowError.columnCount(expected: 1, found: storage.types.count) }
        return try value(0, as: type)
    }

    /// All columns in order: `let (id, name) = try row.decode(UUID.self, String?.self)`.
    public func decode<each Value: SQLValue>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        var column = 0
        func next<V: SQLValue>(_ type: V.Type) throws -> V {
            defer { column += 1 }
            return try value(column, as: type)
        }
        let values = (repeat try next(each types))
        guard column == storage.types.count else {
            throw RowError.columnCount(expected: column, found: storage.types.count)
        }
        return values
    }

    /// All columns in order, the types given as one tuple: `try row.decode((UUID, String?).self)`.
    @_disfavoredOverload
    public func decode<each Value: SQLValue>(_ types: (repeat each Value).Type) throws -> (repeat each Value) {
        try decode(repeat (each Value).self)
    }
}
