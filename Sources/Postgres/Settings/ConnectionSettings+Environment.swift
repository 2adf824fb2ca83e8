extension ConnectionSettings {
    /// From the usual variables (`PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE`, `PGPASSWORD`, …). Throws `SettingsError` where none of those that
    /// name a server is set.
    public init(environment: [String: String]) throws {
        guard Self.isConfigured(in: environment) else {
            throw SettingsError("no database is named: give a URL, or set PGHOST, PGSERVICE or PGDATABASE")
        }
        var keywords: [String: String] = [:]
        for (keyword, variable) in Self.knownKeywords {
            if let variable, let value = environment[variable], !value.isEmpty { keywords[keyword] = value }
        }
        self.init(keywords: keywords)
    }

    /// Whether the environment names a server.
    public static func isConfigured(in environment: [String: String]) -> Bool {
        ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"].contains { environment[$0]?.isEmpty == false }
    }
}
