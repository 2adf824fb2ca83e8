import Testing

@testable import Tlog

@Suite struct NoteTests {
    /// The sample key of C2SP signed-note.
    static let sampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

    private static func signer(_ name: String = "dripline.local/hickory/record", fill: UInt8 = 7) throws -> SignerKey {
        try #require(SignerKey(name: name, seed: Array(repeating: fill, count: 32)))
    }

    private static let checkpoint = Checkpoint(origin: "dripline.local/hickory/record", size: 0, root: .empty)

    @Test func theSampleKeyReadsAndWrites() throws {
        let key = try VerifierKey(Self.sampleKey)
        #expect(key.name == "example.com/foo")
        #expect(key.keyID == 0x530d_903a)
        #expect(key.description == Self.sampleKey)
    }

    @Test(arguments: [
        "", "a+b", "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4",
    ])
    func badKeysAreRefused(text: String) {
        #expect(throws: NoteError.self) { try VerifierKey(text) }
    }

    @Test func checkpointsReadAsTheyAreWritten() throws {
        #expect(
            Self.checkpoint.text == "dripline.local/hickory/record\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
        #expect(try Checkpoint(text: Self.checkpoint.text) == Self.checkpoint)
        for text in [
            "", "o\n1\n", "o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            "o\n1\nAAAA\n", Self.checkpoint.text + "extension\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        ] {
            #expect(throws: NoteError.self) { try Checkpoint(text: text) }
        }
    }

    @Test func aSignedNoteVerifiesAndAnAlteredOneDoesNot() throws {
        let signer = try Self.signer()
        let note = Note(text: Self.checkpoint.text, signatures: [try signer.sign(Self.checkpoint.text)])
        let read = try Note(note.description)
        #expect(read == note)
        #expect(try read.verified(by: [signer.verifier()]) == [signer.verifier()])

        let altered = try Note(note.description.replacing("\n0\n", with: "\n1\n"))
        #expect(throws: NoteError.badSignature(signer.name)) { try altered.verified(by: [signer.verifier()]) }
        #expect(throws: NoteError.unsigned) { try read.verified(by: [try Self.signer(fill: 8).verifier()]) }
        // An unknown signature beside a good one is ignored; a bad one of a known key is not.
        let other = try Self.signer("other.example", fill: 9)
        let both = Note(text: note.text, signatures: note.signatures + [try other.sign("something else\n")])
        #expect(try both.verified(by: [signer.verifier()]) == [signer.verifier()])
        #expect(throws: NoteError.badSignature("other.example")) { try both.verified(by: [signer.verifier(), other.verifier()]) }
    }

    @Test func malformedNotesAreRefused() throws {
        let note = Note(text: "text\n", signatures: [try Self.signer().sign("text\n")]).description
        for bad in [
            "", "text\n", "text\n\n", String(note.dropLast()), note + "\n", note.replacing("\u{2014}", with: "-"), note + "\u{2014} a b\n",
            note.replacing("text", with: "te\u{0007}xt"), note.replacing("\n\n", with: "\n"),
        ] {
            #expect(throws: NoteError.self, "\(bad.debugDescription)") { try Note(bad) }
        }
    }

    @Test func cosignaturesNameTheirTime() throws {
        let witness = try Self.signer("witness.example", fill: 3)
        let text = Self.checkpoint.text
        let line = try witness.cosign(text, time: 1_700_000_000)
        #expect(Cosignature(line)?.time == 1_700_000_000)
        let note = Note(text: text, signatures: [line])
        #expect(try Note(note.description).verified(by: [witness.verifier(.cosignature)]).count == 1)
        // A plain key of the same bytes has another id.
        #expect(throws: NoteError.unsigned) { try note.verified(by: [witness.verifier()]) }
        // The time is signed, and may not be zero.
        var forged = line.bytes
        forged[7] ^= 1
        let moved = Note(text: text, signatures: [.init(name: line.name, keyID: line.keyID, bytes: forged)])
        #expect(throws: NoteError.badSignature("witness.example")) { try moved.verified(by: [witness.verifier(.cosignature)]) }
        let zero = Note(text: text, signatures: [try witness.cosign(text, time: 0)])
        #expect(throws: NoteError.badSignature("witness.example")) { try zero.verified(by: [witness.verifier(.cosignature)]) }
    }

    @Test func aProofFileProvesItsEntryAlone() throws {
        let naive = NaiveTree(300)
        var tree = TiledTree(size: 300, reader: naive)
        let signer = try Self.signer()
        let state = Checkpoint(origin: signer.name, size: 300, root: naive.root())
        let note = Note(text: state.text, signatures: [try signer.sign(state.text)])
        let file = ProofFile(index: 77, path: try tree.inclusionProof(of: 77), checkpoint: note)
        let read = try ProofFile(file.description)
        #expect(read == file)
        #expect(file.description.hasPrefix("c2sp.org/tlog-proof@v1\nindex 77\n"))
        let keys = [signer.verifier()]
        #expect(try read.verify(Array("entry 77".utf8), origin: signer.name, keys: keys) == state)
        #expect(throws: NoteError.self) { try read.verify(Array("entry 78".utf8), origin: signer.name, keys: keys) }
        #expect(throws: NoteError.self) { try read.verify(Array("entry 77".utf8), origin: "another", keys: keys) }
        for bad in ["", "c2sp.org/tlog-proof@v2\nindex 1\n\n", file.description.replacing("index 77", with: "index 077")] {
            #expect(throws: NoteError.self) { try ProofFile(bad) }
        }
    }
}
