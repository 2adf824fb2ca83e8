import HTTPTypes

/// What every answer says to browsers and caches, unless its route has said something else.
struct SafeHeaders: Sendable {
    /// Whether the request came over TLS.
    let isSecure: Bool

    /// In the order of the OWASP Secure Headers Project.
    private static let always: [(HTTPField.Name, String)] = [
        (HTTPField.Name("X-Content-Type-Options")!, "nosniff"),
        (HTTPField.Name("X-Frame-Options")!, "DENY"),
        (HTTPField.Name("Content-Security-Policy")!, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
        (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (HTTPField.Name("Permissions-Policy")!, "camera=(), geolocation=(), microphone=()"),
        // Clinical content is cached nowhere; what may be cached says so itself.
        (.cacheControl, "no-store"),
    ]
    private static let strictTransport = (HTTPField.Name("Strict-Transport-Security")!, "max-age=31536000; includeSubDomains")

    func add(to fields: inout HTTPFields) {
        for (name, value) in Self.always where fields[name] == nil { fields[name] = value }
        if isSecure { fields[Self.strictTransport.0] = Self.strictTransport.1 }
    }
}
