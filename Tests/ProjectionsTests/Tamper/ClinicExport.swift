import Foundation
import Ledger
import Tlog

/// An export with all that proves it, as `dripline export` writes it.
struct ClinicExport {
    let folder: String

    /// - Throws: `ExportError` where the log cannot be exported.
    init(_ ledger: Ledger, clinic: String, keys: SigningKeys, to folder: String) async throws {
        self.folder = folder
        try await ledger.withSnapshot(of: clinic) { logs in
            let bounds = try await logs.bounds()
            let staged = try StagedFolder(for: folder)
            do {
                try await LogExport.write(logs, upTo: bounds, into: staged)
                try await SealedExport.write(ledger, logs, upTo: bounds, into: staged) { keys.verifiers(for: $0) }
                try staged.commit()
            } catch {
                staged.discard()
                throw error
            }
        }
    }

    /// What `verify --export` finds, the record first.
    func verify(_ options: (LogName.Kind) throws -> VerifyOptions) async throws -> [Verification] {
        var found: [Verification] = []
        for (kind, path) in [(LogName.Kind.record, folder), (.access, folder + "/access")] {
            var options = try options(kind)
            // Whoever has an export has no memory of what was signed.
            options.memory = nil
            if let verification = try await ExportVerification.verify(path, kind: kind, options) { found.append(verification) }
        }
        return found
    }
}
