public import Canonical
import Foundation

/// What the service is told, from four places. The first that says something counts: flags, the environment, the file, the defaults.
public struct Configuration: Sendable {
    /// Where a value comes from, the strongest first.
    public enum Source: Sendable, Hashable, Comparable, CustomStringConvertible {
        case flag
        case environment(String)
        case file(String)
        case standard

        private var rank: Int {
            switch self {
            case .flag: 0
            case .environment: 1
            case .file: 2
            case .standard: 3
            }
        }

        public static func < (left: Source, right: Source) -> Bool { left.rank < right.rank }

        public var description: String {
            switch self {
            case .flag: "flag"
            case .environment(let variable): "environment, \(variable)"
            case .file(let path): "file, \(path)"
            case .standard: "default"
            }
        }
    }

    /// A configuration file that has been read.
    public struct File: Sendable {
        public let path: String
        let json: JSON

        public init(path: String, json: JSON) {
            self.path = path
            self.json = json
        }

        /// Bytes of a file; more is no configuration.
        static let maximumSize = 1 << 20

        /// - Throws: `ConfigurationError`
        public static func read(_ path: String, called name: String = "The configuration file") throws(ConfigurationError) -> File {
            let data: Data
            do { data = try Data(contentsOf: URL(filePath: path)) } catch {
                throw ConfigurationError("\(name) \(path) cannot be read.")
            }
            guard data.count <= maximumSize else {
                throw ConfigurationError("\(name) \(path) is longer than \(maximumSize) bytes.")
            }
            do {
                return File(path: path, json: try JSON.parse([UInt8](data)))
            } catch {
                throw ConfigurationError("\(name) \(path) is \(error.description).")
            }
        }
    }

    public static let fileVariable = "DRIPLINE_CONFIG"

    private let values: [Setting: (value: ConfigurationValue, source: Source)]

    /// - Parameters:
    ///   - flags: by key, what was given on the command line; several only for lists.
    ///   - environment: all variables; those that are no setting's are passed over.
    /// - Throws: `ConfigurationError`, naming the key, the value's kind and the limit.
    public init(flags: [String: [String]], environment: [String: String], file: File?) throws(ConfigurationError) {
        var values: [Setting: (value: ConfigurationValue, source: Source)] = [:]
        for setting in Setting.all {
            if let standard = setting.standard { values[setting] = (standard, .standard) }
        }
        if let file {
            for (key, json) in try Self.flattened(file.json, path: file.path) {
                guard let setting = Setting.named(key) else {
                    throw ConfigurationError("\(file.path): \(key) is no setting. \(Setting.suggestion(for: key))")
                }
                values[setting] = (try setting.value(json, place: "\(file.path): \(key)"), .file(file.path))
            }
        }
        for setting in Setting.all {
            guard let text = environment[setting.variable], !text.isEmpty else { continue }
            let items = setting.kind == .list ? text.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) } : [text]
            values[setting] = (try setting.value(items, place: setting.variable), .environment(setting.variable))
        }
        for (key, items) in flags.sorted(by: { $0.key < $1.key }) {
            guard let setting = Setting.named(key) else {
                throw ConfigurationError("\(key) is no setting. \(Setting.suggestion(for: key))")
            }
            values[setting] = (try setting.value(items, place: "The flag for \(key)"), .flag)
        }
        self.values = values
    }

    public func value(_ setting: Setting) -> (value: ConfigurationValue, source: Source)? { values[setting] }
    public func source(_ setting: Setting) -> Source { values[setting]?.source ?? .standard }

    public func text(_ setting: Setting) -> String? {
        guard case .text(let text)? = values[setting]?.value else { return nil }
        return text
    }

    public func number(_ setting: Setting) -> Int? {
        guard case .number(let number)? = values[setting]?.value else { return nil }
        return number
    }

    public func list(_ setting: Setting) -> [String] {
        guard case .list(let items)? = values[setting]?.value else { return [] }
        return items
    }

    public func isSet(_ setting: Setting) -> Bool { values[setting]?.value == .flag(true) }

    /// Variables that look like settings and are none: perhaps misspelt.
    public static func strangers(in environment: [String: String]) -> [String] {
        let known = Set(Setting.all.map(\.variable) + [fileVariable])
        return environment.keys.filter { $0.hasPrefix("DRIPLINE_") && !known.contains($0) }.sorted()
    }

    /// `{"tls": {"key": …}}` as `tls.key`.
    private static func flattened(_ json: JSON, path: String, under prefix: String = "") throws(ConfigurationError) -> [(String, JSON)] {
        guard case .object(let members) = json else { throw ConfigurationError("\(path) must be a JSON object.") }
        var pairs: [(String, JSON)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let key = prefix + name
            if case .object = value, Setting.all.contains(where: { $0.key.hasPrefix(key + ".") }) {
                pairs += try flattened(value, path: path, under: key + ".")
            } else {
                pairs.append((key, value))
            }
        }
        return pairs
    }
}

/// What is wrong with the configuration: one sentence.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
