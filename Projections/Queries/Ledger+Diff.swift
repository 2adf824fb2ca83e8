public import Clinic
public import Foundation
public import Ledger

extension Ledger {
    /// What a patient's chart knew at two points, and whose it is; nil where nothing was known at the later one.
    public func diff(
        of patient: UUID, clinic: String, from: History.Bounds, to: History.Bounds
    ) async throws -> (patient: Chart.Patient, diff: ChartDiff)? {
        guard let after = try await chart(of: patient, clinic: clinic, bounds: to) else { return nil }
        let before = try await chart(of: patient, clinic: clinic, bounds: from)
        return (after.patient, ChartDiff(from: from, before, to: to, after))
    }

    /// What was known of a session at two points; nil where nothing was known at the later one.
    public func diff(ofSession session: UUID, clinic: String, from: History.Bounds, to: History.Bounds) async throws -> ChartDiff? {
        guard let after = try await self.session(session, clinic: clinic, bounds: to) else { return nil }
        return ChartDiff(from: from, try await self.session(session, clinic: clinic, bounds: from), to: to, after)
    }
}
