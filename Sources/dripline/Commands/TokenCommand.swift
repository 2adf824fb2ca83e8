import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Service

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke bearer tokens of programs.",
        subcommands: [New.self, List.self, Revoke.self])

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and show it this once.",
            discussion: """
                A program that sends it in the header Authorization: Bearer acts under a member of staff, in the roles given here as long as they hold \
                them. Everything that it does stands under their name: enrol a handle of its own for it.
                """)
        @Option(help: ArgumentHelp("What it may do at most; repeatable.", valueName: "role")) var role: [StaffRole]
        @Option(help: "When it ends: in hours, days or weeks, such as 12h, 30d or 8w; at most 366d.") var expires: Lifetime
        @Option(help: ArgumentHelp("The clinic (default: the only one).", valueName: "name")) var clinic: String?
        @Option(help: ArgumentHelp("Whom it acts under (default: the only account that holds the role).", valueName: "handle"))
        var staff: String?
        @Option(help: ArgumentHelp("What to list it as.", valueName: "text")) var name = "token"
        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            guard !role.isEmpty else { throw ValidationError("Give at least one --role.") }
        }

        func run() async throws {
            try await options.run { database in
                let clinic = try await self.clinic(in: database)
                let staff = try await self.staff(clinic, in: database)
                let (text, token) = try await database.accounts.newToken(
                    clinic: clinic, staff: staff, roles: Set(role), name: name, lifetime: expires.duration)
                Terminal.complain(
                    "Token \(token.id.lowercase) acts under \(staff) at \(clinic) until \(token.expiresAt). It is not shown again:")
                Terminal.print(text)
            }
        }

        private func clinic(in database: Database) async throws -> String {
            if let clinic { return try await ClinicOption.known(clinic, in: database).clinic }
            let clinics = Set(try await database.ledger.heads().map(\.log.clinic)).sorted()
            guard clinics.count == 1 else {
                throw Failure.input(
                    clinics.isEmpty ? "There is no clinic yet." : "Say which clinic with --clinic: \(clinics.joined(separator: ", ")).")
            }
            return clinics[0]
        }

        private func staff(_ clinic: String, in database: Database) async throws -> String {
            if let staff { return staff }
            let holders = try await database.accounts.holders(of: role[0], clinic: clinic)
            guard holders.count == 1 else {
                throw Failure.input(
                    holders.isEmpty
                        ? "Say whom the token acts under with --staff: no account at \(clinic) holds the role \(role[0].rawValue)."
                        : "Say whom the token acts under with --staff: \(holders.joined(separator: ", ")).")
            }
            return holders[0]
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, ended ones too.")
        @Option(help: ArgumentHelp("Only those of this clinic.", valueName: "name")) var clinic: String?
        @Flag(help: "Answer as JSON lines.") var json = false
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                for token in try await database.accounts.tokens(clinic: clinic) {
                    if json {
                        Terminal.print(token.json.canonical)
                        continue
                    }
                    let used = token.lastUsedAt.map { "last used \($0)" } ?? "never used"
                    let end = token.revokedAt.map { "revoked \($0)" } ?? "until \(token.expiresAt)"
                    Terminal.print(
                        "\(token.id.lowercase)  \(token.clinic)  \(token.staff)  \(token.roles.joined(separator: ","))  \(token.name)  \(end), \(used)"
                    )
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token: it is no good from now on.")
        @Argument(help: "Its id, as `dripline token list` shows it.") var token: IdentifierArgument
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                guard try await database.accounts.revokeToken(token.id) else {
                    throw Failure.input("There is no such token, or it was revoked before; `dripline token list` lists them.")
                }
                Terminal.print("Token \(token.id.lowercase) is revoked.")
            }
        }
    }

    /// `12h`, `30d`, `8w`.
    struct Lifetime: ExpressibleByArgument {
        let duration: Duration

        init?(argument: String) {
            let hours = ["h": 1, "d": 24, "w": 168]
            guard let unit = hours[String(argument.suffix(1))], let count = Int(argument.dropLast()), (1...8784).contains(count) else {
                return nil
            }
            duration = .seconds(count * unit * 3600)
        }
    }
}
