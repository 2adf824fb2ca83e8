import CPostgres

extension Connection {
    /// Runs `COPY … FROM STDIN (FORMAT binary)` and lets `body` write the rows; a throw of the body takes all of it back.
    /// Gives the number of rows. `columns` is the number of columns the statement names.
    @discardableResult
    public func copyIn(_ sql: String, columns: Int, _ body: (inout CopyWriter) throws -> Void) throws -> Int {
        try Task.checkCancellation()
        let link = try usable()
        let single = link.transactionState == .idle
        try link.send(script: sql)
        let begun = try checked(link, mayCommit: false) { try link.finish(cancellable: true) }
        guard begun.status == PGRES_COPY_IN else {
            try refuseCopy(link, begun.status)
            throw RowError.copy("the statement is no COPY … FROM STDIN")
        }
        var writer = CopyWriter(link, columns: columns)
        do {
            try body(&writer)
            try writer.end()
        } catch {
            if !link.isLost { try abandonCopyIn(link) }
            throw error
        }
        try link.endCopy()
        return try checked(link, mayCommit: single) { try link.finish(cancellable: true) }.affected
    }

    /// Runs `COPY … TO STDOUT (FORMAT binary)` and hands each row to `row`. Gives the number of rows.
    /// A throw of the body stops the statement and is passed on.
    @discardableResult
    public func copyOut(_ sql: String, _ row: (inout CopyRow) throws -> Void) throws -> Int {
        try Task.checkCancellation()
        let link = try usable()
        try link.send(script: sql)
        let begun = try checked(link, mayCommit: false) { try link.finish(cancellable: true) }
        guard begun.status == PGRES_COPY_OUT else {
            try refuseCopy(link, begun.status)
            throw RowError.copy("the statement is no COPY … TO STDOUT")
        }
        var reader = CopyReader()
        do {
            while try link.nextCopyMessage({ try reader.read($0, row) }) {}
        } catch {
            if !link.isLost { try abandonCopyOut(link) }
            throw error
        }
        _ = try checked(link, mayCommit: false) { try link.finish(cancellable: true) }
        return reader.rowCount
    }

    /// A COPY that came where none was expected: brings the connection out of it and throws.
    func refuseCopy(_ link: ServerLink, _ status: ExecStatusType) throws {
        switch status {
        case PGRES_COPY_IN: try abandonCopyIn(link)
        case PGRES_COPY_OUT: try abandonCopyOut(link)
        default: return
        }
        throw RowError.copy("use copyIn or copyOut for COPY FROM STDIN and COPY TO STDOUT")
    }

    private func abandonCopyIn(_ link: ServerLink) throws {
        try link.endCopy(error: "stopped by the client")
        _ = try link.finish(cancellable: false)
    }

    /// Cancels a COPY to us and reads what is still under way.
    private func abandonCopyOut(_ link: ServerLink) throws {
        link.requestCancel()
        while try link.nextCopyMessage({ _ in }) {}
        _ = try link.finish(cancellable: false)
    }
}
