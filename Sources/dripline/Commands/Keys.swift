import ArgumentParser
import Foundation
import Ledger
import Postgres
import Tlog

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, show or rotate the key that signs the logs.",
        discussion: """
            The key is in the file signing.key of the data directory, which only its owner may read, or in the environment variable \
            DRIPLINE_SIGNING_KEY. Give the verifier key to whoever is to check the logs.
            """,
        subcommands: [New.self, Show.self, Rotate.self])

    /// Said beside the output of a command that made a key on the way.
    static func announce(_ keys: SigningKeys) { Terminal.complain(announcement(keys)) }

    static func announcement(_ keys: SigningKeys) -> String {
        "A signing key was made. Its verifier key, to be kept elsewhere: \(keys.active.verifier())"
    }

    /// Where the key is kept. The database plays no part.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The directory of the key (default: $XDG_DATA_HOME/dripline).", valueName: "dir")) var data: String?

        var directory: String { data ?? PostgresServer.defaultDataDirectory(environment: ProcessInfo.processInfo.environment) }

        func keys() throws -> SigningKeys {
            do {
                let environment = ProcessInfo.processInfo.environment
                guard let keys = try SigningKeys.load(directory: directory, environment: environment) else {
                    throw Failure.input(
                        "There is no signing key in \(directory) yet: `dripline keys new` makes one, or the first `dripline serve`.")
                }
                return keys
            } catch {
                throw Failure(error)
            }
        }
    }

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make the signing key, where there is none yet.")
        @Option(
            help: ArgumentHelp("The first part of the logs' names, for good: the clinic's own host name serves well.", valueName: "host"))
        var host = SigningKeys.defaultHost
        @OptionGroup var place: Place

        func run() throws {
            do {
                Terminal.print(try SigningKeys.create(directory: place.directory, host: host).active.verifier().description)
            } catch {
                throw Failure(error)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the verifier keys, the one in use first.",
            discussion: "With --clinic those of its log, whose name is the log's origin.")
        @Option(help: ArgumentHelp("The clinic.", valueName: "name")) var clinic: String?
        @Option(help: ArgumentHelp("Which of the clinic's logs: record or access.", valueName: "log")) var log = LogName.Kind.record
        @OptionGroup var place: Place

        func run() throws {
            let keys = try place.keys()
            guard let clinic else {
                return Terminal.print(([keys.active.verifier()] + keys.retired).map(\.description).joined(separator: "\n"))
            }
            guard let log = LogName(clinic: clinic, kind: log) else { throw Failure.input("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
            Terminal.print(keys.verifiers(for: log).map(\.description).joined(separator: "\n"))
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key in the place of the old one.",
            discussion: """
                What the old key signed stays good: its verifier key stays in the file, and in every export. A running `dripline serve` goes on with the \
                old key until it is started again.
                """)
        @OptionGroup var place: Place

        func run() throws {
            if ProcessInfo.processInfo.environment[SigningKeys.variable]?.isEmpty == false {
                throw Failure.input("The key comes from \(SigningKeys.variable); put the new one there.")
            }
            do {
                Terminal.print(try place.keys().rotated(in: place.directory).active.verifier().description)
            } catch {
                throw Failure(error)
            }
        }
    }
}
