import Canonical
import Clinic
public import Foundation
public import Tlog

/// What the values mean to the service. Everything is checked here, so that `config check` finds what `serve` would.
extension Configuration {
    /// What one process does.
    public enum Part: String, CaseIterable, Sendable {
        case api, project, seal
    }

    public var parts: Set<Part> {
        get throws(ConfigurationError) {
            var parts: Set<Part> = []
            for name in list(.only) {
                guard let part = Part(rawValue: name) else {
                    throw ConfigurationError("only: \(name) is no part; there are api, project, seal.")
                }
                parts.insert(part)
            }
            return parts.isEmpty ? Set(Part.allCases) : parts
        }
    }

    /// Nil for a process that serves no API and was not told where to listen.
    /// - Throws: `ListenError`
    public func listenAddress() throws -> ListenAddress? {
        if try !parts.contains(.api), source(.listen) == .standard { return nil }
        let address = try ListenAddress(text(.listen) ?? ListenAddress.standard.description)
        try address.allow(withTLS: try tlsFiles() != nil, behindProxy: isSet(.isBehindProxy) || !list(.trustedProxies).isEmpty)
        return address
    }

    public func httpOptions() throws -> HTTPOptions {
        var options = HTTPOptions()
        options.limits = Setting.httpLimits(self)
        options.tls = try tlsFiles()
        options.trustedProxies = try ranges(.trustedProxies)
        options.metricsReaders = try ranges(.metricsReaders)
        options.servesAPI = try parts.contains(.api)
        return options
    }

    private func tlsFiles() throws(ConfigurationError) -> TLSFiles? {
        switch (text(.certificate), text(.certificateKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        default: throw ConfigurationError("tls.certificate and tls.key go together.")
        }
    }

    private func ranges(_ setting: Setting) throws(ConfigurationError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in list(setting) {
            guard let range = AddressRange(text) else {
                throw ConfigurationError(
                    "\(setting.key): \(text) is no address, and no range such as 10.0.0.0/8 with no bit set beyond its prefix.")
            }
            ranges.append(range)
        }
        return ranges
    }

    public func witnessURLs() throws(ConfigurationError) -> [URL] {
        var urls: [URL] = []
        for text in list(.witnesses) {
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil else {
                throw ConfigurationError("witnesses: \(text) is no URL such as http://127.0.0.1:8463.")
            }
            urls.append(url)
        }
        return urls
    }

    public func witnessVerifiers() throws(ConfigurationError) -> [VerifierKey] {
        var keys: [VerifierKey] = []
        for text in list(.witnessKeys) {
            do { keys.append(try VerifierKey(text)) } catch { throw ConfigurationError("witness_keys: \(error).") }
        }
        return keys
    }

    /// How accounts behave, with the clinics' identity providers (`OpenIDProvider.clinics`).
    /// - Throws: `ConfigurationError`
    public func accountSettings() throws(ConfigurationError) -> AccountSettings {
        var accounts = AccountSettings()
        guard let path = text(.openID) else { return accounts }
        let file = try File.read(path, called: "openid: the file")
        do { accounts.openID = try OpenIDProvider.clinics(file.json) } catch {
            let problems = error.problems.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
            throw ConfigurationError("openid: \(path): \(problems).")
        }
        return accounts
    }

    /// Everything that can be wrong before the database is opened.
    public func check() throws {
        _ = try listenAddress()
        if let files = try httpOptions().tls { try ReloadingCertificate.check(files) }
        _ = try witnessURLs()
        _ = try witnessVerifiers()
        _ = try accountSettings()
    }

    /// Where the database is. A flag is stronger than the environment, with its `PG*` variables, and that than the file.
    public func location(environment: [String: String]) throws -> DatabaseLocation {
        let (database, data) = (source(.database), source(.data))
        if text(.database) != nil, text(.data) != nil, !(database < data), !(data < database) {
            throw ConfigurationError("Give database or data, not both.")
        }
        let isServer = text(.database) != nil && (text(.data) == nil || database < data)
        let strongest = isServer ? database : data
        if case .file = strongest, DatabaseLocation.isNamed(in: environment) {
            return try DatabaseLocation(url: nil, directory: nil, environment: environment)
        }
        return try DatabaseLocation(
            url: isServer ? text(.database) : nil, directory: isServer ? nil : text(.data), environment: environment)
    }
}
