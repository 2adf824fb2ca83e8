import Canonical
import Clinic
import Ledger
import Projections
import Synchronization

/// Who is enrolled at a clinic now, and in which roles: what the record says, folded again only when its clinic stream has grown.
final class StaffDirectory: Sendable {
    private let ledger: Ledger
    private let known = Mutex<[String: (version: Int64, reference: ClinicReference)]>([:])

    /// Clinics kept; past it all are forgotten and read again.
    static let capacity = 512

    /// How far ahead of the clock the record takes events.
    static let toleranceMinutes: Int64 = 5

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// Nil for who is not enrolled, or was revoked.
    /// - Parameter version: the clinic stream's version, read just now; nil reads the stream.
    func member(_ staff: String, of clinic: String, version: Int64?) async throws(AccountError) -> StaffMember? {
        let reference = try await reference(clinic, version: version)
        let now = Timestamp.now()
        // A revocation may be dated a little ahead of the clock: it counts from when it is recorded.
        let ahead = now.adding(minutes: Self.toleranceMinutes)
        guard let member = reference.staff(staff, at: now), reference.staff(staff, at: ahead) != nil else { return nil }
        return member
    }

    /// What the clinic has laid down; empty for a clinic that does not exist.
    func reference(_ clinic: String, version: Int64?) async throws(AccountError) -> ClinicReference {
        if let version, let known = known.withLock({ $0[clinic] }), known.version >= version { return known.reference }
        guard let log = LogName(clinic: clinic) else { return ClinicReference(History()) }
        let history: History
        do {
            let stored = try await ledger.streams([StreamID.clinic.description], of: log)
            history = try History(stored: stored[StreamID.clinic.description] ?? [], clinic: clinic)
        } catch {
            throw .unavailable("\(error)")
        }
        let reference = ClinicReference(history)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            if let other = known[clinic], other.version > history.version { return }
            known[clinic] = (history.version, reference)
        }
        return reference
    }
}
