/// How accounts behave.
public struct AccountSettings: Sendable {
    /// A session that is not used for so long is over. Compliance with 45 CFR 164.312(a)(2)(iii), automatic logoff.
    public var sessionIdle: Duration = .seconds(30 * 60)
    /// A session is over after so long, used or not: a long shift.
    public var sessionLifetime: Duration = .seconds(12 * 3600)
    /// Base-2 logarithm of scrypt's N for new passwords; those that are stored keep what they were made with.
    public var passwordLogRounds = PasswordHasher.standardCost.logRounds
    /// Identity providers, by clinic.
    public var openID: [String: OpenIDProvider] = [:]

    public init() {}

    var passwordCost: PasswordHash.Cost {
        PasswordHash.Cost(
            logRounds: passwordLogRounds, blockSize: PasswordHasher.standardCost.blockSize,
            parallelism: PasswordHasher.standardCost.parallelism)
    }
}

extension Duration {
    /// Whole seconds, for the database.
    var wholeSeconds: Int64 { components.seconds }
}
