import Testing

@testable import Canonical

/// The fast reader of canonical objects, held to the parser that knows every form.
@Suite("Members as they are written")
struct PlainMembersTests {
    /// Whatever it reads is what the parser reads; whatever is canonical it reads, unless its keys are not plain.
    @Test("random objects, canonical and not")
    func random() throws {
        var random = RandomJSON(seed: 71)
        var read = 0
        for _ in 0..<20_000 {
            let text = random.text()
            guard case .object(let members) = try JSON.parse(text) else {
                #expect(PlainMembers(text) == nil)
                continue
            }
            if let plain = PlainMembers(text) { expectEqual(plain, members) }
            let canonical = JSON.object(members).canonical
            let keysArePlain = members.keys.allSatisfy { key in
                key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            }
            let plain = PlainMembers(canonical)
            #expect((plain != nil) == keysArePlain)
            guard let plain, case .object(let members) = try JSON.parse(canonical) else { continue }
            expectEqual(plain, members)
            read += 1
        }
        #expect(read > 500)
    }

    private func expectEqual(_ plain: PlainMembers, _ members: [String: JSON]) {
        #expect(plain.count == members.count)
        for (key, value) in members { #expect(plain[key] == value) }
        #expect(plain["no such key"] == nil && plain[""] == members[""])
    }

    @Test(
        "left to the parser",
        arguments: [
            "", "{", "{}x", " {}", "{ }", "[]", "1", "\"a\"", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1"#, #"{"b":1,"a":2}"#,
            #"{"a":1,"a":2}"#, #"{"a" :1}"#, #"{"a": 1}"#, #"{"a":1 }"#, #"{"a":01}"#, #"{"a":-}"#, #"{"a":.5}"#, #"{"a":1.}"#,
            #"{"a":+1}"#,
            #"{"a":1e999}"#, #"{"a":nul}"#, #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\ud800"}"#, "{\"a\":\"\u{1}\"}", "{\"a\":\"\u{0}\"}",
            "{\"\u{e9}\":1}", #"{"\u0061":1}"#, #"{"a":[1,]}"#, #"{"a":tru}"#, "{\"a\":1}\u{0}", #"{"a":99999999999999999999e999}"#,
        ])
    func left(text: String) {
        #expect(PlainMembers(text) == nil)
    }

    @Test("cut and changed at any byte, it never reads what the parser refuses")
    func damaged() throws {
        let text =
            #"{"absent":{"pain_nrs":"asleep"},"device":"M\n 3","heart_rate":72.5,"list":[1,{"a":null}],"phase":"infusion","source":true}"#
        #expect(PlainMembers(text)?.count == 6)
        for index in text.utf8.indices {
            for byte in [0x00, 0x20, 0x22, 0x2C, 0x30, 0x3A, 0x5C, 0x7B, 0x7D, 0x61] as [UInt8] {
                var bytes = Array(text.utf8)
                bytes[text.utf8.distance(from: text.utf8.startIndex, to: index)] = byte
                let damaged = String(decoding: bytes, as: UTF8.self)
                guard let plain = PlainMembers(damaged) else { continue }
                guard case .object(let members) = try? JSON.parse(damaged) else {
                    Issue.record("read what the parser refuses: \(damaged)")
                    continue
                }
                expectEqual(plain, members)
            }
            #expect(PlainMembers(String(text[..<index])) == nil)
        }
    }
}
