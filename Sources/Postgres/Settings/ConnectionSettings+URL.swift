import CPostgres

extension ConnectionSettings {
    /// From `postgres://user:password@host1:5432,host2:5433/database?option=value`. The parts are percent-encoded; a socket directory is a host
    /// that starts with `%2F`. Options are libpq's keywords, such as `sslmode`, `connect_timeout` or `target_session_attrs`.
    /// Throws `SettingsError`, which says what is wrong without repeating the URL.
    public init(url: String) throws {
        guard let rest = ["postgres://", "postgresql://"].lazy.compactMap({ url.dropping(prefix: $0) }).first else {
            throw SettingsError("a database URL starts with postgres:// or postgresql://")
        }
        try Self.checkEncoding(of: rest)
        try Self.checkPorts(in: rest)
        try Self.checkOptions(in: rest)
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            // libpq's message quotes the URL, and with it perhaps the password.
            PQfreemem(message)
            throw SettingsError("the database URL is not of the form postgres://user:password@host:port/database?option=value")
        }
        defer { PQconninfoFree(options) }
        var keywords: [String: String] = [:]
        var next = options
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { keywords[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        self.init(keywords: keywords)
    }

    private static func checkEncoding(of text: Substring) throws {
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "%") {
            let digits = bytes[(index + 1)...].prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }), Array(digits) != [48, 48] else {
                throw SettingsError("in the database URL a % must be followed by two hexadecimal digits (a % itself is written %25)")
            }
        }
    }

    private static func checkPorts(in text: Substring) throws {
        let authority = text.prefix { $0 != "/" && $0 != "?" }
        let places = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard places.count <= 2 else {
            throw SettingsError("in the database URL an @ inside the user or password is written %40")
        }
        for place in (places.last ?? "").split(separator: ",", omittingEmptySubsequences: false) {
            let afterAddress = place.hasPrefix("[") ? place.drop { $0 != "]" } : place
            guard let colon = afterAddress.lastIndex(of: ":") else { continue }
            let port = afterAddress[afterAddress.index(after: colon)...]
            guard port.isEmpty || Int(port).map({ (1...65535).contains($0) }) == true else {
                throw SettingsError(
                    "in the database URL a port must be a number from 1 to 65535 "
                        + "(a / or : inside the password is percent-encoded)")
            }
        }
    }

    private static func checkOptions(in text: Substring) throws {
        guard let question = text.firstIndex(of: "?") else { return }
        let known = Set(knownKeywords.map(\.keyword)).union(["ssl"])
        for option in text[text.index(after: question)...].split(separator: "&") {
            let name = option.prefix { $0 != "=" }
            guard option.contains("="), known.contains(String(name)) else {
                throw SettingsError("the database URL has an option that PostgreSQL's client does not know: \(name)")
            }
        }
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

/// Connection settings that can't be used. Never holds a password.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
