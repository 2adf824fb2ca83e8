import ArgumentParser
import Canonical
import Foundation
import Service

extension UserCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts.")
        @Option(help: ArgumentHelp("Only those of this clinic.", valueName: "name")) var clinic: String?
        @Flag(help: "Answer as JSON lines.") var json = false
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                for account in try await database.accounts.list(clinic: clinic) {
                    if json {
                        Terminal.print(account.json.canonical)
                        continue
                    }
                    var notes = [account.hasPassword ? "password" : "no password"]
                    if account.usesCodes { notes.append("one-time codes") }
                    if let disabledAt = account.disabledAt { notes.append("off since \(disabledAt)") }
                    Terminal.print("\(account.clinic)  \(account.staff)  \(notes.joined(separator: ", "))")
                }
            }
        }
    }

    struct Sessions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List who is signed in under an account, or end their sessions.")
        @OptionGroup var whose: Whose
        @Option(help: ArgumentHelp("End this session.", valueName: "id")) var end: IdentifierArgument?
        @Flag(help: "End all of them.") var endAll = false
        @Flag(help: "Answer as JSON lines.") var json = false
        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            guard end == nil || !endAll else { throw ValidationError("Give --end or --end-all, not both.") }
        }

        func run() async throws {
            try await options.run { database in
                if end != nil || endAll {
                    let count = try await database.accounts.endSessions(clinic: whose.clinic.clinic, staff: whose.staff, only: end?.id)
                    guard count > 0 || endAll else { throw Failure.input("There is no such session, or it is over.") }
                    return Terminal.print(count == 1 ? "1 session ended." : "\(count) sessions ended.")
                }
                for session in try await database.accounts.sessions(clinic: whose.clinic.clinic, staff: whose.staff) {
                    if json {
                        Terminal.print(session.json.canonical)
                        continue
                    }
                    Terminal.print(
                        "\(session.id.lowercase)  since \(session.createdAt), last used \(session.lastUsedAt), by \(session.method)"
                            + [session.address, session.agent].compactMap(\.self).map { "  \($0)" }.joined())
                }
            }
        }
    }

    struct Codes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "totp", abstract: "Have an account's sign-ins ask for a one-time code (RFC 6238), or no more.",
            discussion: "Prints what the authenticator reads, and waits for a first code, which proves that it does.")
        @OptionGroup var whose: Whose
        @Flag(help: "Ask for no code any more: the authenticator is lost.") var off = false
        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await options.run { database in
                let (clinic, staff) = (whose.clinic.clinic, whose.staff)
                if off {
                    try await database.accounts.removeCodes(clinic: clinic, staff: staff)
                    return Terminal.print("Sign-ins of \(staff) at \(clinic) ask for no code.")
                }
                Terminal.print(try await database.accounts.beginCodes(clinic: clinic, staff: staff))
                let code = try PasswordInput.visible("The code that it shows now: ")
                try await database.accounts.confirmCodes(code, clinic: clinic, staff: staff)
                Terminal.print("Sign-ins of \(staff) at \(clinic) ask for a code from now on.")
            }
        }
    }
}
