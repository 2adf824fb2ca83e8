import ArgumentParser
import Canonical
import Foundation
import Postgres
import Service

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at the service's configuration.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration, and print every setting with where its value comes from.",
            discussion: """
                Takes the flags of `serve`. Flags are stronger than the environment, that than the file, that than the defaults. In the environment \
                a setting is DRIPLINE_ and its key in capitals, with _ for each dot. Secrets are not shown. Exit code 2 where `serve` would refuse it.
                """)

        @Flag(help: "As one JSON object.") var json = false
        @OptionGroup var options: ServiceOptions

        func run() async throws {
            let configuration = try options.configuration()
            let environment = ProcessInfo.processInfo.environment
            try Failure.sorting {
                try configuration.check()
                _ = try configuration.location(environment: environment)
            }
            let known = Setting.all.map { ($0, configuration.value($0)) }
            if json {
                let members = known.map { setting, found in
                    (
                        setting.key,
                        JSON.object([
                            "value": found.map { Self.json($0.value, of: setting) } ?? .null,
                            "source": .string(found?.source.description ?? "default"),
                        ])
                    )
                }
                return Terminal.print(JSON.object(Dictionary(uniqueKeysWithValues: members)).canonical)
            }
            for (setting, found) in known {
                let value = found.map { Self.shown($0.value, of: setting) } ?? "(not set)"
                Terminal.print("\(setting.key) = \(value)   (\(found?.source.description ?? "default"))")
            }
            for stranger in Service.Configuration.strangers(in: environment) where stranger != "DRIPLINE_SIGNING_KEY" {
                Terminal.complain("Note: \(stranger) is set in the environment, and is no setting.")
            }
        }

        private static func shown(_ value: ConfigurationValue, of setting: Setting) -> String {
            guard setting.isSecret else { return value.description }
            // Where it is and who logs in may be seen; the password may not.
            if setting == .database, let settings = try? ConnectionSettings(url: value.description) { return "\(settings)" }
            return "(hidden)"
        }

        private static func json(_ value: ConfigurationValue, of setting: Setting) -> JSON {
            if setting.isSecret { return .string(shown(value, of: setting)) }
            switch value {
            case .text(let text): return .string(text)
            case .number(let number): return .number(JSONNumber(number))
            case .flag(let flag): return .bool(flag)
            case .list(let items): return .array(items.map { .string($0) })
            }
        }
    }
}
