public import Postgres
public import Testing

/// Gives each test (and each of its arguments) a PostgreSQL database of its own, `TestDatabase.current`. Tests may run in parallel.
///
/// A target that wants its schema in it declares its own trait:
/// ```swift
/// extension Trait where Self == DatabaseTrait {
///     static var ledger: Self { DatabaseTrait(key: "ledger") { try await Schema.apply(to: $0) } }
/// }
/// ```
public struct DatabaseTrait: TestTrait, SuiteTrait, TestScoping {
    private let key: String
    private let prepare: @Sendable (Connection) async throws -> Void

    public var isRecursive: Bool { true }

    /// For tests that do as a superuser what the guard of the log refuses: it has tests of its own.
    public static let withoutGuard = "ALTER EVENT TRIGGER dripline_guard_change DISABLE; ALTER EVENT TRIGGER dripline_guard_drop DISABLE"

    /// - Parameters:
    ///   - key: names the template; tests with the same key share it, so the same key must mean the same `prepare`.
    ///   - prepare: fills the template once in a run, as the superuser.
    public init(key: String, prepare: @escaping @Sendable (Connection) async throws -> Void) {
        self.key = key
        self.prepare = prepare
    }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await TestSlots.databases.take()
        do {
            try await withDatabase(function)
        } catch {
            await TestSlots.databases.giveBack()
            throw error
        }
        await TestSlots.databases.giveBack()
    }

    private func withDatabase(_ function: @Sendable () async throws -> Void) async throws {
        let database = try await TestCluster.shared.makeDatabase(key: key, prepare: prepare)
        do {
            try await TestDatabase.$ofThisTest.withValue(database) { try await function() }
        } catch {
            try? await TestCluster.shared.drop(database)
            throw error
        }
        try await TestCluster.shared.drop(database)
    }
}

extension Trait where Self == DatabaseTrait {
    /// An empty database.
    public static var database: Self { DatabaseTrait(key: "empty") { _ in } }
}
