import CPostgres

extension Connection {
    /// Runs one statement; parameters and results travel in binary form. The statement is prepared once per connection and kept by its text.
    /// Throws `PostgresError`, or `CancellationError` when the task was cancelled.
    @discardableResult
    public func query(_ sql: String, _ parameters: [(any SQLValue)?] = []) throws -> Rows {
        Rows(try run(sql, parameters))
    }

    /// As `query`, for the number of rows affected.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [(any SQLValue)?] = []) throws -> Int {
        try run(sql, parameters).affected
    }

    /// Runs several statements without parameters, in one transaction unless the script says otherwise.
    public func script(_ sql: String) throws {
        try Task.checkCancellation()
        let link = try usable()
        let single = link.transactionState == .idle
        try link.send(script: sql)
        let result = try checked(link, mayCommit: single) { try link.finish(cancellable: true) }
        try refuseCopy(link, result.status)
    }

    private func run(_ sql: String, _ values: [(any SQLValue)?]) throws -> QueryResult {
        try Task.checkCancellation()
        let link = try usable()
        let single = link.transactionState == .idle
        let parameters = EncodedParameters(values)
        do {
            return try run(link, sql, parameters, single: single)
        } catch let error as PostgresError where error.isStaleStatement {
            try forgetStatements(link)
            // Inside a transaction all is lost already; `transaction` runs it again.
            guard single else { throw error }
            return try run(link, sql, parameters, single: true)
        }
    }

    private func run(_ link: ServerLink, _ sql: String, _ parameters: borrowing EncodedParameters, single: Bool) throws -> QueryResult {
        let name = try prepared(link, sql, types: parameters.types)
        try link.send(execute: name, parameters)
        let result = try checked(link, mayCommit: single) { try link.finish(cancellable: true) }
        try refuseCopy(link, result.status)
        return result
    }

    private func prepared(_ link: ServerLink, _ sql: String, types: [UInt32]) throws -> String {
        let key = StatementCache.Key(sql: sql, types: types)
        if let name = statements.name(for: key) { return name }
        if let old = statements.evict() { try deallocate(link, old) }
        let name = statements.newName()
        try link.send(prepare: name, sql: sql, types: types)
        _ = try checked(link, mayCommit: false) { try link.finish(cancellable: true) }
        statements.insert(key, name: name)
        return name
    }

    /// Runs without looking at cancellation: for COMMIT, ROLLBACK and DEALLOCATE.
    func control(_ link: ServerLink, _ sql: String, mayCommit: Bool = false) throws -> String {
        try link.send(script: sql)
        return try checked(link, mayCommit: mayCommit) { try link.finish(cancellable: false) }.commandTag
    }

    private func deallocate(_ link: ServerLink, _ name: String) throws {
        do {
            _ = try control(link, "DEALLOCATE \(name)")
        } catch let error as PostgresError where error.sqlState == "26000" {
            // Gone already, which is what we want. Only outside of a transaction may we go on.
            if link.transactionState == .failed { throw error }
        }
    }

    /// Empties the cache. In a failed transaction nothing can be deallocated: the names are never used again and go with the connection.
    private func forgetStatements(_ link: ServerLink) throws {
        _ = statements.removeAll()
        if link.transactionState == .idle { _ = try control(link, "DEALLOCATE ALL") }
    }

    /// Turns an error result into a throw, and decides whether the outcome is known.
    func checked(_ link: ServerLink, mayCommit: Bool, _ receive: () throws -> QueryResult) throws -> QueryResult {
        let result: QueryResult
        do {
            result = try receive()
        } catch var error as PostgresError {
            error.resultUnknown = error.resultUnknown || mayCommit
            throw error
        }
        link.noteStatus()
        let unconfirmed = link.notices.takeUnconfirmedCommit()
        if result.isError {
            var error = PostgresError(result)
            // An ERROR with the connection still up means that nothing was committed; anything else leaves it open.
            error.resultUnknown = mayCommit && (link.isLost || error.severity != .error)
            if error.isCancelled, Task.isCancelled { throw CancellationError() }
            if error.isCancelled, interrupt.isClosing { throw PostgresError.closed }
            throw error
        }
        if mayCommit, let unconfirmed { throw unconfirmed }
        return result
    }
}
