public import Canonical
import Ledger
public import Tlog

extension Audit {
    /// The last signed checkpoint within the positions that were read, and who stands behind it. The root is held against the log; the signatures are named
    /// as they stand there, for `dripline verify` to check against keys.
    public struct SealedState: Sendable, Hashable {
        /// A witness, and when it says that it saw the log at this size.
        public struct Witness: Sendable, Hashable {
            public let name: String
            public let time: Timestamp
        }

        public let checkpoint: Checkpoint
        public let signers: [String]
        public let witnesses: [Witness]

        init(_ signed: SignedCheckpoint) {
            checkpoint = signed.checkpoint
            var (signers, witnesses) = ([String](), [Witness]())
            for signature in signed.note.signatures {
                // A cosignature tells its time; a signature is 64 bytes.
                if let cosignature = Cosignature(signature), let seconds = Int64(exactly: cosignature.time), seconds < 1 << 40 {
                    witnesses.append(Witness(name: signature.name, time: Timestamp(microseconds: seconds * 1_000_000)))
                } else {
                    signers.append(signature.name)
                }
            }
            (self.signers, self.witnesses) = (signers, witnesses)
        }

        /// `the first 310 events, signed by dripline.local/hickory/record; cosigned by witness.example (2026-11-22 15:30:00)`.
        var words: String {
            let seen = witnesses.map { "\($0.name) (\($0.time.toTheSecond))" }
            let by = signers.isEmpty ? "" : ", signed by \(signers.joined(separator: ", "))"
            return "the first \(Phrase.count(Int(checkpoint.size), "event"))\(by); "
                + (seen.isEmpty ? "no witness has cosigned it" : "cosigned by \(seen.joined(separator: ", "))")
        }

        var json: JSON {
            [
                "size": .number(JSONNumber(Int64(checkpoint.size))), "root": .string(Hex.encode(checkpoint.root.bytes)),
                "origin": .string(checkpoint.origin), "signers": .array(signers.map { .string($0) }),
                "witnesses": .array(
                    witnesses.map { ["witness": .string($0.name), "cosigned_at": .string($0.time.description)] }),
            ]
        }
    }
}
