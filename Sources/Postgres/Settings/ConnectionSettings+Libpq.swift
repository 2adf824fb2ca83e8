import CPostgres

extension ConnectionSettings {
    /// What libpq is given: our defaults under what the user asked for.
    var parameters: [(keyword: String, value: String)] {
        // A dead peer is noticed after about a minute and a half instead of the kernel's two hours.
        var all = [
            "connect_timeout": "10", "application_name": "dripline", "keepalives": "1", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "5", "tcp_user_timeout": "90000",
        ]
        all.merge(keywords) { $1 }
        all["client_encoding"] = "UTF8"
        var options = ["TimeZone": "UTC"]
        options.merge(sessionOptions) { $1 }
        let given = options.sorted { $0.key < $1.key }.map { "-c \(Self.escaped($0.key))=\(Self.escaped($0.value))" }
        all["options"] = ([keywords["options"]].compactMap(\.self) + given).joined(separator: " ")
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// In `options`, spaces separate and a backslash takes the meaning from what follows.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { $0 == " " || $0 == "\\" ? ["\\", $0] : [$0] })
    }

    /// libpq's keywords, each with the environment variable that sets it.
    static let knownKeywords: [(keyword: String, variable: String?)] = {
        guard let options = PQconndefaults() else { return [] }
        defer { PQconninfoFree(options) }
        var all: [(String, String?)] = []
        var next = options
        while let keyword = next.pointee.keyword {
            all.append((String(cString: keyword), next.pointee.envvar.map { String(cString: $0) }))
            next += 1
        }
        return all
    }()
}
