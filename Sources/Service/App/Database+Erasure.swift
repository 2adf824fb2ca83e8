import Postgres
public import Projections

extension Database {
    /// What erases, as a login that may: the administrator of an embedded database, else this database's own login.
    public var eraser: Eraser {
        Eraser(server?.settings() ?? settings, ledger: ledger, projector: projector, logger: logger)
    }

    /// What rewrites the files afterwards.
    public var scrubber: Scrubber { Scrubber(server?.settings() ?? settings, logger: logger) }
}
