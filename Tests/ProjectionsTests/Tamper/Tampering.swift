import Ledger
import Postgres
import Testing
import Tlog

/// What a superuser does to a sealed clinic with all triggers off, and who sees it.
struct Tampering: Sendable, CustomTestStringConvertible {
    /// What is said of it.
    enum Verdict: Sendable {
        /// The first position that is named (0: the log as a whole), and a part of what is said of it.
        case record(Int64, String)
        case access(Int64, String)
        /// A part of what is said of the read models.
        case readModels(String)
        /// No export is written, for this reason.
        case refused(String)
        /// An export shows nothing of it, for this reason.
        case hidden(String)
    }

    /// The checkpoint that the log is held against.
    enum Kept: Sendable {
        /// The first one, which somebody kept elsewhere.
        case kept
        case last
        /// One of another tree, signed with the real key.
        case forged(size: UInt64)
    }

    let name: String
    let act: @Sendable (Tamperer) async throws -> Void
    let verify: Verdict
    let export: Verdict
    /// The verifier in Go: a part of what it says.
    let independent: Verdict
    /// What it is held against beside its own bytes.
    let against: Kept?
    /// Whether the memory of what was signed was forged too.
    let memoryToo: Bool
    /// Whether the command is run as a whole process too.
    let isSample: Bool

    var testDescription: String { name }

    init(
        _ name: String, verify: Verdict, export: Verdict, independent: Verdict, against: Kept? = nil,
        memoryToo: Bool = false, isSample: Bool = false, _ act: @escaping @Sendable (Tamperer) async throws -> Void
    ) {
        (self.name, self.act, self.verify, self.export, self.independent) = (name, act, verify, export, independent)
        (self.against, self.memoryToo, self.isSample) = (against, memoryToo, isSample)
    }

    /// By SQL alone.
    init(
        _ name: String, _ sql: String, verify: Verdict, export: Verdict, independent: Verdict, isSample: Bool = false
    ) {
        self.init(name, verify: verify, export: export, independent: independent, isSample: isSample) { try await $0.sql(sql) }
    }

    static let all = ofEvents + ofOrder + ofRegisters

    func note(of clinic: SealedClinic) throws -> Note? {
        switch against {
        case nil: nil
        case .kept: clinic.kept
        case .last: clinic.last
        case .forged(let size): try clinic.another(size: size)
        }
    }
}
