import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import Schema
import Service
import Tlog

/// Why a command ends without what was asked for: one sentence, and the exit code.
struct Failure: Error {
    let code: Int32
    let message: String

    static func no(_ message: String) -> Failure { Failure(code: 1, message: message) }
    static func input(_ message: String) -> Failure { Failure(code: 2, message: message) }
    static func unreachable(_ message: String) -> Failure { Failure(code: 3, message: message) }

    /// What an error of the layers below means to whoever typed the command.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as RecordingError: self = Failure(error)
        case let error as AccountError:
            switch error {
            case .busy, .unavailable: self = .unreachable(error.description)
            default: self = .input(error.description)
            }
        case let error as LedgerError: self = Failure(RecordingError.ledger(error))
        case let error as PostgresError:
            self = error.isConnectionFailure ? .unreachable("The database cannot be reached: \(error).") : .input("\(error)")
        case let error as PoolError: self = .unreachable("The database cannot be reached: \(error)")
        case let error as PostgresServerError: self = .unreachable("\(error)")
        case let error as SchemaError: self = .input(error.description)
        case let error as DatabaseError: self = .input(error.description)
        case let error as ProjectionError: self = .input(error.description)
        case let error as Refusal: self = .input("Refused: \(error.message)")
        case let error as ErasureError: self = .input(error.description)
        case let error as ScrubError: self = .input(error.description)
        case let error as ListenError: self = .input(error.description)
        case let error as ConfigurationError: self = .input(error.description)
        case let error as TLSError: self = .input(error.description)
        case let error as SealError:
            if case .key = error { self = .input(error.description) } else { self = .no(error.description) }
        case let error as ProofError: self = .no(error.description)
        case let error as NoteError: self = .no(error.description)
        case let error as TileError: self = .no(error.description)
        case let error as Importer.UnreadableFile: self = .input(error.description)
        case let error as ExportError: self = .input(error.description)
        default: self = .input("\(error)")
        }
    }

    /// What is thrown by `body`, as a failure.
    static func sorting<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw Failure(error) }
    }

    private init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    private init(_ error: RecordingError) {
        switch error {
        case .ledger(.unreachable), .ledger(.busy): self = .unreachable(error.message)
        default:
            let fields = error.problems.filter { $0.message != error.message }.map {
                "\n  \($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message)"
            }
            let place = error.problems.count == 1 && fields.isEmpty ? " (at \(error.problems[0].pointer))" : ""
            let message = error.problems.count > 1 && !fields.isEmpty ? "\(error.problems.count) fields are wrong:" : error.message
            self = .input("Not recorded: \(message)\(place)\(fields.joined())")
        }
    }
}
