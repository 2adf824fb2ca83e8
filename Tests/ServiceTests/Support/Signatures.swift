import Canonical
import Service

/// What everybody in the tests signs with.
let signingPassword = "seven blue herons wait for rain"

extension Database {
    /// Gives members of staff a password to sign with; whether they have an account yet doesn't matter.
    func givePasswords(_ staff: String..., at clinic: String = "hickory") async throws {
        for handle in staff {
            do {
                _ = try await accounts.add(clinic: clinic, staff: handle, password: signingPassword)
            } catch AccountError.accountExists {
                try await accounts.setPassword(signingPassword, clinic: clinic, staff: handle)
            }
        }
    }
}

extension JSON {
    /// A signature as a request gives it.
    static func signature(_ staff: String, _ meaning: String, password: String = signingPassword) -> JSON {
        ["staff": .string(staff), "password": .string(password), "meaning": .string(meaning)]
    }
}
