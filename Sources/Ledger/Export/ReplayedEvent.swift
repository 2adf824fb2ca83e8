import Canonical
import Foundation
import Tlog

/// One event after its own bytes were checked: what a replay still needs of it to check the log's order.
struct ReplayedEvent: Sendable {
    /// What its entry says of its place.
    struct Place: Sendable {
        let event: UUID
        let command: UUID
        let version: Int64
        let recordedAt: Int64
        let occurredAt: Int64
        /// The numbers of its stream, its type and the stream that it concerns.
        let stream: Int32
        let type: Int32
        let subject: Int32?
    }

    /// Where it was found.
    let position: Int64
    let leaf: TreeHash
    /// Nil where the entry cannot be read.
    let place: Place?
    /// What is wrong with it, without clinical content: the entry, and the rest.
    let entryFaults: [String]
    let payloadFaults: [String]
    let isErased: Bool
    /// Whether it says which data was erased, and what it says; nil where that is gone itself.
    var isErasure = false
    var erasure: String?
}

/// The bytes of an event as they are stored, lent by whoever read them: they are not to be kept.
public struct RecordBytes {
    /// As in `LogRecord`.
    public let position: Int64
    let entry: UnsafeRawBufferPointer
    let payload: UnsafeRawBufferPointer?
    let salt: UnsafeRawBufferPointer?
    let reason: UnsafeRawBufferPointer?
    /// As in `LogRecord`.
    let contradictions: [String]
    /// The hash of the entry, where it was recomputed already.
    let leaf: TreeHash?

    init(
        position: Int64, entry: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer?, salt: UnsafeRawBufferPointer?,
        reason: UnsafeRawBufferPointer?, contradictions: [String] = [], leaf: TreeHash? = nil
    ) {
        self.position = position
        self.entry = entry
        self.payload = payload
        self.salt = salt
        self.reason = reason
        self.contradictions = contradictions
        self.leaf = leaf
    }

    /// Checks all that can be told from these bytes alone.
    /// - Parameter names: gives them their numbers.
    func replayed(in log: LogName, _ names: inout ReplayNames) -> ReplayedEvent {
        let leaf = leaf ?? TreeHash.leaf(entry)
        if let scan = EntryScan(entry) {
            let isOfLog = scan.log == log.kind && entry[part: scan.clinic].equals(log.clinic)
            let other = isOfLog ? nil : LogName(clinic: String(decoding: entry[scan.clinic], as: UTF8.self), kind: scan.log)
            let place = ReplayedEvent.Place(
                event: scan.event, command: scan.command, version: scan.version, recordedAt: scan.recordedAt,
                occurredAt: scan.occurredAt, stream: Int32(names.streams.number(of: entry[part: scan.stream])),
                type: Int32(names.types.number(of: entry[part: scan.type])),
                subject: scan.subject.map { Int32(names.streams.number(of: entry[part: $0])) })
            return replayed(leaf, place, other, scan.position, isErasure: entry[part: scan.type].equals(ErasureAudit.type)) { digest in
                digest == .payload ? entry[part: scan.payloadDigest] : scan.overrideDigest.map { entry[part: $0] }
            }
        }
        guard let said = LogEntry(String(decoding: entry, as: UTF8.self)) else {
            return ReplayedEvent(
                position: position, leaf: leaf, place: nil, entryFaults: ["the entry cannot be read"], payloadFaults: [], isErased: false)
        }
        let place = ReplayedEvent.Place(
            event: said.event, command: said.command, version: said.version, recordedAt: said.recordedAt.microseconds,
            occurredAt: said.occurredAt.microseconds, stream: Int32(names.streams.number(of: said.stream)),
            type: Int32(names.types.number(of: said.type)), subject: said.subject.map { Int32(names.streams.number(of: $0)) })
        let (payload, reason) = (Array(Hex.encode(said.payloadDigest).utf8), said.overrideDigest.map { Array(Hex.encode($0).utf8) })
        return payload.withUnsafeBytes { payload in
            (reason ?? []).withUnsafeBytes { bytes in
                replayed(leaf, place, said.log == log ? nil : said.log, said.position, isErasure: said.type == ErasureAudit.type) {
                    $0 == .payload ? payload : reason == nil ? nil : bytes
                }
            }
        }
    }

    private enum DigestOf { case payload, reason }

    /// - Parameters:
    ///   - other: the log that the entry names, where that is another.
    ///   - digest: gives the digests that the entry holds, in hexadecimal digits.
    private func replayed(
        _ leaf: TreeHash, _ place: ReplayedEvent.Place, _ other: LogName?, _ said: Int64, isErasure: Bool,
        _ digest: (DigestOf) -> UnsafeRawBufferPointer?
    ) -> ReplayedEvent {
        var entryFaults = contradictions
        if let other { entryFaults.append("the entry is of another log, \(other)") }
        if said != position { entryFaults.append("the entry says that it is at position \(said)") }
        var faults: [String] = []
        let isErased = payload == nil && salt == nil && reason == nil && contradictions.isEmpty
        if let payload, let salt {
            if !Digest.keyed(payload, salt: salt, equalsHex: digest(.payload)) { faults.append("the payload does not match its digest") }
            switch (reason, digest(.reason)) {
            case (nil, nil): break
            case (nil, _): faults.append("the override has lost its reason")
            case (let reason?, let digest):
                if !Digest.keyed(reason, salt: salt, equalsHex: digest) { faults.append("the override's reason does not match its digest") }
            }
            if !JSON.isCanonical(payload) { faults.append("the payload is not canonical JSON") }
        } else if payload != nil || salt != nil || reason != nil {
            faults.append("a part of the payload stands although the rest was erased")
        }
        return ReplayedEvent(
            position: position, leaf: leaf, place: place, entryFaults: entryFaults, payloadFaults: faults, isErased: isErased,
            isErasure: isErasure,
            erasure: isErasure ? payload.map { String(decoding: $0, as: UTF8.self) } : nil)
    }
}

extension UnsafeRawBufferPointer {
    subscript(part range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// Whether these are the bytes of a text.
    func equals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { equals(UnsafeRawBufferPointer($0)) }
    }
}
