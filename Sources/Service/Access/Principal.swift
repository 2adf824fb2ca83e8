public import Canonical
import Clinic
public import Foundation

/// Who asks, as the door has found out: an account of one clinic, or a program that acts under one.
public struct Principal: Sendable, Hashable {
    /// How the principal proved who it is.
    public enum Credential: Sendable, Hashable {
        /// A browser's session, by its cookie.
        case session(UUID)
        /// A program's bearer token.
        case token(UUID)
        /// A JWT of the clinic's identity provider, by its issuer.
        case openID(issuer: String)
    }

    /// The one clinic that the account belongs to.
    public let clinic: String
    /// The staff handle that everything is charted and logged under.
    public let staff: String
    /// As printed in signatures (21 CFR 11.50).
    public let name: String
    /// The roles in force for this request: those enrolled in the record, or fewer where a token was given fewer.
    public let roles: Set<String>
    /// As the record's roles.
    let staffRoles: Set<StaffRole>
    public let credential: Credential
    /// When the password, or the identity provider, last vouched for the person; nil for a program.
    public let authenticatedAt: Timestamp?

    public init(
        clinic: String, staff: String, name: String, roles: Set<String>, credential: Credential, authenticatedAt: Timestamp?
    ) {
        self.clinic = clinic
        self.staff = staff
        self.name = name
        self.roles = roles
        staffRoles = Set(roles.compactMap(StaffRole.init(rawValue:)))
        self.credential = credential
        self.authenticatedAt = authenticatedAt
    }
}

extension Principal {
    /// Without anything that proves it.
    var json: JSON {
        let kind: JSON =
            switch credential {
            case .session: "session"
            case .token: "token"
            case .openID: "oidc"
            }
        var members: [String: JSON] = [
            "clinic": .string(clinic), "staff": .string(staff), "name": .string(name), "credential": kind,
            "roles": .array(roles.sorted().map { .string($0) }),
        ]
        if let authenticatedAt { members["authenticated_at"] = .string(authenticatedAt.description) }
        return .object(members)
    }
}
