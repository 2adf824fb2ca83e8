/// Where a database is and how to sign in. The password never appears in a description, a mirror or an error.
public struct ConnectionSettings: Sendable, Hashable {
    /// libpq's connection keywords.
    var keywords: [String: String]
    /// Server settings applied as the session starts, such as `role` or `statement_timeout`.
    var sessionOptions: [String: String] = [:]

    init(keywords: [String: String]) {
        self.keywords = keywords
    }

    /// Host names, addresses or socket directories, in the order in which they are tried.
    public var hosts: [String] {
        let named = keywords["host"] ?? keywords["hostaddr"] ?? ""
        return named.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// All hosts as one text, comma-separated.
    public var host: String { hosts.joined(separator: ",") }
    public var port: String { keywords["port"] ?? "5432" }
    public var user: String? { keywords["user"] }
    public var database: String? { keywords["dbname"] ?? keywords["user"] }

    /// A role to act as, after signing in (`SET ROLE`).
    public func setting(role: String) -> Self { setting(option: "role", to: role) }

    public func setting(searchPath: String) -> Self { setting(option: "search_path", to: searchPath) }

    /// 0 means no limit.
    public func setting(statementTimeoutMilliseconds milliseconds: Int) -> Self {
        setting(option: "statement_timeout", to: String(milliseconds))
    }

    public func setting(applicationName: String) -> Self { setting(keyword: "application_name", to: applicationName) }
    public func setting(database: String) -> Self { setting(keyword: "dbname", to: database) }
    public func setting(user: String) -> Self { setting(keyword: "user", to: user) }
    public func setting(connectTimeoutSeconds seconds: Int) -> Self { setting(keyword: "connect_timeout", to: String(seconds)) }

    /// Any server setting that may be given as a session starts (`-c name=value`).
    public func setting(option name: String, to value: String) -> Self {
        var copy = self
        copy.sessionOptions[name] = value
        return copy
    }

    func setting(keyword: String, to value: String) -> Self {
        var copy = self
        copy.keywords[keyword] = value
        return copy
    }
}

extension ConnectionSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A URL without password and options.
    public var description: String {
        // One port is for all hosts; in a list, an empty one is the usual.
        let ports = port.split(separator: ",", omittingEmptySubsequences: false)
        let places = hosts.enumerated().map { index, host in
            let listed = ports.count == 1 ? ports[0] : ports.indices.contains(index) ? ports[index] : ""
            let port = listed.isEmpty ? "5432" : listed
            return host.hasPrefix("/") ? host : "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
        return "postgres://\(user.map { $0 + "@" } ?? "")\(places.joined(separator: ","))/\(database ?? "")"
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
