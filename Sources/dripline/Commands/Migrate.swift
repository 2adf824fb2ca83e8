import ArgumentParser
import Schema
import Service

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a database to this program's schema.",
        discussion: """
            The login needs to be a superuser, or to own the database and may create roles. Logins of the service then need: \
            GRANT dripline_service, dripline_projector, dripline_sealer, dripline_accounts TO <login>.
            """)

    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        do {
            let before = try await Database.migrate(try options.location, logger: Log.logger)
            Terminal.print(
                before == Schema.version
                    ? "The schema is version \(before) already." : "The schema is version \(Schema.version) now (it was \(before)).")
        } catch {
            throw Failure(error)
        }
    }
}
