public import Canonical
import Clinic
public import Ledger
public import Tlog

extension StoredEvent {
    /// The event as programs read it: the envelope, its `data` and, where it is signed, `signatures`; `"erased":true` in their place once the payload
    /// is erased. Data and signatures together are the payload that the entry's digest is of.
    public var json: JSON {
        var members: [String: JSON] = [
            "position": .number(JSONNumber(position)), "version": .number(JSONNumber(version)), "event": .string(event.lowercase),
            "command": .string(command.lowercase), "stream": .string(stream), "type": .string(type), "v": .number(JSONNumber(v)),
            "actor": .string(actor),
            "occurred_at": .string(occurredAt.description), "recorded_at": .string(recordedAt.description),
        ]
        if let chartedAt { members["charted_at"] = .string(chartedAt.description) }
        if let subject { members["subject"] = .string(subject) }
        if let overrideGate {
            var override: [String: JSON] = ["gate": .string(overrideGate)]
            if let overrideReason { override["reason"] = .string(overrideReason) }
            members["override"] = .object(override)
        }
        if let payload, let content = try? JSON.parse(payload) {
            let parts = EventContent.parts(of: content)
            members["data"] = parts.data
            members["signatures"] = parts.signatures
        } else {
            members["erased"] = true
        }
        return .object(members)
    }
}

extension Recorder.Recorded {
    /// `{"command","repeated","events":[{"event","position","version","recorded_at","leaf","proof"?}]}`, one for each event of the request. `leaf` is
    /// the Merkle leaf in hexadecimal, `proof` the proof file (C2SP tlog-proof).
    public func json(command: String, proofs: [Int64: ProofFile] = [:]) -> JSON {
        [
            "command": .string(command), "repeated": .bool(isRepeat),
            "events": .array(
                receipts.map { receipt in
                    var members: [String: JSON] = [
                        "event": .string(receipt.event.lowercase), "position": .number(JSONNumber(receipt.position)),
                        "version": .number(JSONNumber(receipt.version)), "recorded_at": .string(receipt.recordedAt.description),
                        "leaf": .string(Hex.encode(receipt.leaf)),
                    ]
                    members["proof"] = proofs[receipt.position].map { .string($0.description) }
                    return .object(members)
                }),
        ]
    }
}
