import CPostgres

/// Owns one `PGresult` and clears it.
///
/// libpq documents a result as read-only once made, free to be read from any thread; nothing here changes it after `init`. That is
/// why it may be sent, which the compiler can't know of a C pointer.
struct QueryResult: ~Copyable, @unchecked Sendable {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    var status: ExecStatusType { PQresultStatus(pointer) }
    var rowCount: Int { Int(PQntuples(pointer)) }
    var columnCount: Int { Int(PQnfields(pointer)) }

    /// Rows that the statement touched or returned; 0 for a statement that has no count.
    var affected: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// The command tag, such as `INSERT 0 5` or `COMMIT`.
    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    func columnName(_ column: Int) -> String {
        PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? "?"
    }

    /// The first column of exactly that name.
    func column(named name: String) -> Int? {
        (0..<columnCount).first { columnName($0) == name }
    }

    func columnType(_ column: Int) -> SQLType {
        SQLType(oid: PQftype(pointer, Int32(column)))
    }

    /// Runs `body` on the bytes of a field, nil for NULL.
    func withField<T>(_ row: Int, _ column: Int, _ body: (borrowing RawSpan) -> T?) -> FieldValue<T> {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(pointer, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        return body(bytes.bytes).map { .value($0) } ?? .malformed
    }

    func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(pointer, Int32(row), Int32(column)) != 0 }

    func errorField(_ code: Int32) -> String? {
        PQresultErrorField(pointer, code).map { String(cString: $0) }
    }

    var errorMessage: String { String(cString: PQresultErrorMessage(pointer)) }
}

/// What reading a field gave.
enum FieldValue<Value> {
    case null
    case malformed
    case value(Value)
}
