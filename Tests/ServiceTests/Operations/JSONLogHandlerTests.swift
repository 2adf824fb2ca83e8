import Canonical
import Logging
import Service
import Synchronization
import Testing

@Suite struct JSONLogHandlerTests {
    private struct Failure: Error {}

    private final class Lines: Sendable {
        let all = Mutex<[[UInt8]]>([])
    }

    private func logged(_ body: (Logger) -> Void) throws -> [JSON] {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in JSONLogHandler { line in lines.all.withLock { $0.append(line) } } }
        body(logger)
        return try lines.all.withLock { all in
            try all.map { line in
                #expect(line.last == UInt8(ascii: "\n") && !line.dropLast().contains(UInt8(ascii: "\n")))
                return try JSON.parse(line)
            }
        }
    }

    @Test func eachLineIsOneObject() throws {
        let lines = try logged { logger in
            var logger = logger
            logger[metadataKey: "request"] = "abc"
            logger.notice("two\nlines \"quoted\"", metadata: ["n": "\(1)", "list": ["a", "b"], "message": "mine"])
            logger.debug("not at this level")
        }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line["level"] == "notice")
        #expect(line["message"] == "two\nlines \"quoted\"")
        #expect(line["request"] == "abc")
        #expect(line["n"] == "1")
        #expect(line["list"] == ["a", "b"])
        #expect(line["_message"] == "mine")
        #expect(Timestamp(rfc3339: line["time"]?.text ?? "") != nil)
    }

    @Test func aLongValueIsCut() throws {
        let lines = try logged { $0.error("failed", metadata: ["error": "\(String(repeating: "é", count: 100_000))"]) }
        #expect((lines.first?["error"]?.text ?? "").utf8.count < 2100)
    }

    @Test func anErrorIsNamedByItsTypeAlone() throws {
        let lines = try logged { $0.error("failed", error: Failure()) }
        #expect(lines.first?["error"]?.text?.contains("Failure") == true)
    }
}
