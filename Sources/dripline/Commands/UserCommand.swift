import ArgumentParser
import Canonical
import Clinic
import Foundation
import Service

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Make, change and list accounts.",
        discussion: """
            An account belongs to somebody who is enrolled at a clinic; what they may do is what their roles there allow now. Passwords are asked for \
            at the terminal, or read from the first line of standard input. These commands work on the database directly, for its operator.
            """,
        subcommands: [Add.self, Password.self, Disable.self, Enable.self, List.self, Sessions.self, Codes.self])

    /// Whose account.
    struct Whose: ParsableArguments {
        @OptionGroup var clinic: ClinicOption
        @Option(help: ArgumentHelp("The staff handle.", valueName: "handle")) var staff: String

        func validate() throws {
            guard StaffHandle.isValid(staff) else {
                throw ValidationError("A staff handle is 1 to 64 of letters, digits and . _ -, starting with a letter or digit.")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account for somebody who is enrolled.")
        @OptionGroup var whose: Whose
        @Flag(help: "Set no password: for an account that only programs use, or an identity provider.") var noPassword = false
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            let password = noPassword ? nil : try PasswordInput.new("Password of \(whose.staff)")
            try await options.run { database in
                let account = try await database.accounts.add(clinic: whose.clinic.clinic, staff: whose.staff, password: password)
                Terminal.print("\(account.staff) has an account at \(account.clinic).")
            }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passwd", abstract: "Set a password. Ends the account's sessions, and forgets its failed attempts.")
        @OptionGroup var whose: Whose
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            let password = try PasswordInput.new("New password of \(whose.staff)")
            try await options.run { database in
                try await database.accounts.setPassword(password, clinic: whose.clinic.clinic, staff: whose.staff)
                Terminal.print("The password of \(whose.staff) at \(whose.clinic.clinic) is set.")
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Turn an account off: its sessions and tokens are no good at once.")
        @OptionGroup var whose: Whose
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                try await database.accounts.setDisabled(true, clinic: whose.clinic.clinic, staff: whose.staff)
                Terminal.print("\(whose.staff) can't come in at \(whose.clinic.clinic) any more.")
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn an account on again, and forget its failed attempts, so that they may try at once.")
        @OptionGroup var whose: Whose
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                try await database.accounts.setDisabled(false, clinic: whose.clinic.clinic, staff: whose.staff)
                Terminal.print("\(whose.staff) may sign in at \(whose.clinic.clinic).")
            }
        }
    }
}
