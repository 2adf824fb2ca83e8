import Canonical
public import Clinic
public import Foundation

extension Accounts {
    /// The longest that a token may be good.
    public static let longestTokenLifetime: Duration = .seconds(366 * 24 * 3600)

    /// A new token for a program that acts under a member of staff, in some of their roles. Where they have no account, one without a password is made.
    /// - Returns: the token, which is not shown again, and how it is listed.
    /// - Throws: `AccountError`
    public func newToken(
        clinic: String, staff: String, roles: Set<StaffRole>, name: String, lifetime: Duration
    ) async throws(AccountError) -> (text: String, token: BearerToken) {
        guard lifetime > .zero, lifetime <= Self.longestTokenLifetime else {
            throw .invalid("A token must expire after a second at the earliest, and within 366 days.")
        }
        guard !roles.isEmpty else { throw .invalid("A token needs at least one role.") }
        guard (1...100).contains(name.unicodeScalars.count),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .invalid("A token's name must have 1 to 100 characters on one line.") }
        guard let member = try await directory.member(staff, of: clinic, version: nil) else {
            throw .notEnrolled(clinic: clinic, staff: staff)
        }
        let missing = roles.subtracting(member.roles).map(\.rawValue).sorted()
        guard missing.isEmpty else {
            throw .invalid(
                "\(staff) does not hold \(missing.joined(separator: ", ")) at \(clinic): a token may do what its holder may, or less.")
        }
        let account = try await accountWithoutPassword(clinic: clinic, staff: staff)
        let (secret, id) = (AccountSecret(.token), UUID.v7(at: .now()))
        _ = try await store.createToken(
            secret, id: id, account: account, name: name, roles: roles.map(\.rawValue).sorted(), lifetime: lifetime)
        guard let token = try await store.tokens(clinic: clinic).first(where: { $0.id == id }) else {
            throw .unavailable("the token is gone")
        }
        return (secret.text, token)
    }

    /// Their account; where they have none, one without a password is made.
    func accountWithoutPassword(clinic: String, staff: String) async throws(AccountError) -> UUID {
        if let known = try await store.accounts(clinic: clinic, staff: staff).first {
            guard known.disabledAt == nil else { throw .invalid("The account of \(staff) is off: `dripline user enable` turns it on.") }
            return known.id
        }
        if let new = try await store.create(clinic: clinic, staff: staff, password: nil) { return new.id }
        return try await store.account(clinic: clinic, staff: staff).id
    }

    /// The staff handles that hold a role at a clinic and have an account there.
    public func holders(of role: StaffRole, clinic: String) async throws(AccountError) -> [String] {
        var found: [String] = []
        for account in try await store.accounts(clinic: clinic) where account.disabledAt == nil {
            let member = try await directory.member(account.staff, of: clinic, version: nil)
            if member?.roles.contains(role) == true { found.append(account.staff) }
        }
        return found
    }

    public func tokens(clinic: String? = nil) async throws(AccountError) -> [BearerToken] { try await store.tokens(clinic: clinic) }

    /// From now on the token is no good. False where there is none, or it was revoked before.
    public func revokeToken(_ id: UUID) async throws(AccountError) -> Bool {
        let isRevoked = try await store.revokeToken(id)
        if isRevoked { await untilHeard() }
        return isRevoked
    }
}
