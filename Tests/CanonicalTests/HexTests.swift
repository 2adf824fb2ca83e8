import Canonical
import Testing

@Suite("Hexadecimal")
struct HexTests {
    @Test("every byte there and back, in both cases")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            let text = Hex.encode([byte])
            #expect(text == (byte < 16 ? "0" : "") + String(byte, radix: 16))
            #expect(Hex.decode(text) == [byte])
            #expect(Hex.decode(text.uppercased()) == [byte])
        }
        #expect(Hex.encode(UInt8.min...UInt8.max).count == 512)
        #expect(Hex.encode([]) == "")
        #expect(Hex.decode("") == [])
        #expect(Hex.decode("00fFa0") == [0x00, 0xFF, 0xA0])
    }

    @Test("refused", arguments: ["0", "abc", "0g", "0x00", " 00", "00 ", "0 0", "+1", "é", "００", "\u{0}0"])
    func refused(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
