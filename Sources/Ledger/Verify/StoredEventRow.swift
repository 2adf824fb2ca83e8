import Canonical
import Foundation
import Postgres
import Tlog

/// A row of the log where it lies in the bytes that the server sent: checked in place, without making a value of each column.
struct StoredEventRow {
    /// What a row is read from; `e` is the event.
    static let columns = """
        e.position, e.version, e.occurred_at, e.recorded_at, e.charted_at, e.event, e.command, e.stream, e.type, e.actor, e.subject, \
        e.override_gate, e.override_reason, e.override_digest, e.salt, e.payload_digest, e.leaf, e.payload, e.entry, e.v
        """
    /// How its command is registered, where `k` is the register; read behind the others.
    static let registration = "k.first_position, k.events"

    private enum Column: Int, CaseIterable {
        case position, version, occurredAt, recordedAt, chartedAt, event, command, stream, type, actor, subject
        case overrideGate, overrideReason, overrideDigest, salt, payloadDigest, leaf, payload, entry, v
        case first, events
    }

    static func fieldCount(isRegistered: Bool) -> Int { Column.allCases.count - (isRegistered ? 0 : 2) }

    private let bytes: UnsafeRawBufferPointer
    private let fields: UnsafeBufferPointer<CopyField>

    init(_ bytes: UnsafeRawBufferPointer, _ fields: UnsafeBufferPointer<CopyField>) {
        self.bytes = bytes
        self.fields = fields
    }

    private subscript(column: Column) -> UnsafeRawBufferPointer? { bytes[fields[column.rawValue]] }

    private func required(_ column: Column) throws -> UnsafeRawBufferPointer {
        guard let field = self[column] else { throw RowError.copy("NULL where \(column) does not allow it") }
        return field
    }

    private func integer<T: FixedWidthInteger>(_ column: Column, as type: T.Type = T.self) throws -> T? {
        guard let field = self[column] else { return nil }
        guard field.count == MemoryLayout<T>.size else { throw RowError.copy("a field of \(field.count) bytes is no \(T.self)") }
        return T(bigEndian: field.loadUnaligned(as: T.self))
    }

    private func number<T: FixedWidthInteger>(_ column: Column, as type: T.Type = T.self) throws -> T {
        guard let value = try integer(column, as: T.self) else { throw RowError.copy("NULL where \(column) does not allow it") }
        return value
    }

    /// 2000-01-01T00:00:00Z in microseconds since 1970.
    private static let epoch: Int64 = 946_684_800_000_000

    /// Microseconds since 1970. The infinities and what lies beyond Int64 come as its ends, which stand in no entry.
    private func time(_ column: Column) throws -> Int64? {
        guard let stored = try integer(column, as: Int64.self) else { return nil }
        let (microseconds, overflow) = stored.addingReportingOverflow(Self.epoch)
        return overflow || stored == .min ? (stored < 0 ? .min : .max) : microseconds
    }

    private func uuid(_ column: Column) throws -> UUID {
        let field = try required(column)
        guard field.count == 16 else { throw RowError.copy("a field of \(field.count) bytes is no UUID") }
        return UUID(uuid: field.loadUnaligned(as: uuid_t.self))
    }

    /// Checks all that can be told from the row alone.
    /// - Parameter streams: gives the streams of the range their numbers.
    func checked(_ log: LogName, _ streams: inout StreamNames, isRegistered: Bool) throws -> CheckedEvent {
        let entry = try required(.entry)
        let leaf = TreeHash.leaf(entry)
        var faults = try payloadFaults()
        if try !entryMatches(entry, log) { faults.insert(.entry) }
        if try !leaf.equals(required(.leaf)) { faults.insert(.leaf) }
        var registration: CheckedEvent.Registration?
        if isRegistered, let first = try integer(.first, as: Int64.self), let events = try integer(.events, as: Int32.self) {
            registration = CheckedEvent.Registration(first: first, events: events)
        }
        return CheckedEvent(
            position: try number(.position), version: try number(.version), recordedAt: try time(.recordedAt) ?? .min,
            event: try uuid(.event), command: try uuid(.command), leaf: leaf, stream: Int32(streams.number(of: try required(.stream))),
            faults: faults, registration: registration)
    }

    /// The record, with what its columns say against it. Charts and read models are made from the columns, so an alteration of them is no small thing
    /// although no hash covers them.
    func record(of log: LogName) throws -> RecordBytes {
        let entry = try required(.entry)
        let leaf = TreeHash.leaf(entry)
        var contradictions: [String] = []
        if try !entryMatches(entry, log) { contradictions += EventFaults.entry.words }
        if try !leaf.equals(required(.leaf)) { contradictions += EventFaults.leaf.words }
        return RecordBytes(
            position: try number(.position), entry: entry, payload: self[.payload], salt: self[.salt], reason: self[.overrideReason],
            contradictions: contradictions, leaf: leaf)
    }

    /// Whether the entry is the one that the columns make: canonical JSON, so keys stand in order.
    private func entryMatches(_ entry: UnsafeRawBufferPointer, _ log: LogName) throws -> Bool {
        var match = EntryMatch(entry)
        match.expect(#"{"actor":""#)
        match.expect(text: try required(.actor))
        if let charted = try time(.chartedAt) {
            match.expect(#"","charted_at":""#)
            match.expect(time: charted)
        }
        match.expect(#"","clinic":""#)
        match.expect(log.clinic)
        match.expect(#"","command":""#)
        match.expect(uuid: try required(.command))
        match.expect(#"","event":""#)
        match.expect(uuid: try required(.event))
        match.expect(#"","log":""#)
        match.expect(log.kind.rawValue)
        match.expect(#"","occurred_at":""#)
        match.expect(time: try time(.occurredAt) ?? .min)
        if let gate = self[.overrideGate], let digest = self[.overrideDigest] {
            match.expect(#"","override":{"gate":""#)
            match.expect(text: gate)
            match.expect(#"","reason_digest":""#)
            match.expect(hex: digest)
            match.expect(#""},"payload_digest":""#)
        } else {
            match.expect(#"","payload_digest":""#)
        }
        match.expect(hex: try required(.payloadDigest))
        match.expect(#"","position":"#)
        match.expect(try number(.position, as: Int64.self))
        match.expect(#","recorded_at":""#)
        match.expect(time: try time(.recordedAt) ?? .min)
        match.expect(#"","stream":""#)
        match.expect(text: try required(.stream))
        if let subject = self[.subject] {
            match.expect(#"","subject":""#)
            match.expect(text: subject)
        }
        match.expect(#"","type":""#)
        match.expect(text: try required(.type))
        match.expect(#"","v":"#)
        match.expect(Int64(try number(.v, as: Int16.self)))
        match.expect(#","version":"#)
        match.expect(try number(.version, as: Int64.self))
        match.expect("}")
        return match.isWhole
    }

    private func payloadFaults() throws -> EventFaults {
        guard let payload = self[.payload], let salt = self[.salt] else {
            return self[.overrideReason] == nil ? .erased : [.erased, .reasonStands]
        }
        var faults: EventFaults = []
        if try !Digest.keyed(payload, salt: salt, equals: required(.payloadDigest)) { faults.insert(.payload) }
        if let reason = self[.overrideReason] {
            if !(self[.overrideDigest].map { Digest.keyed(reason, salt: salt, equals: $0) } ?? false) { faults.insert(.reason) }
        } else if self[.overrideGate] != nil {
            faults.insert(.reasonLost)
        }
        if !JSON.isCanonical(payload) { faults.insert(.canonical) }
        return faults
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes of a field of a row; nil for NULL.
    subscript(field: CopyField) -> UnsafeRawBufferPointer? {
        field.isNull ? nil : UnsafeRawBufferPointer(rebasing: self[field.start..<field.start + field.count])
    }
}
