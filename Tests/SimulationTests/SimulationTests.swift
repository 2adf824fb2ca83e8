import Canonical
import Clinic
import Crypto
import Foundation
import Simulation
import Testing

/// The files themselves: the same bytes, and every line well-formed.
@Suite struct SimulationTests {
    static let start = CalendarDate(dayNumber: 20_094)

    static func lines(_ simulation: Simulation, _ index: Int = 0) -> [String] {
        var lines: [String] = []
        _ = simulation.run(index) { lines.append($0) }
        return lines
    }

    private static func digest(_ lines: [String]) -> String {
        Hex.encode(SHA256.hash(data: Data(lines.joined(separator: "\n").utf8)))
    }

    @Test func theSameParametersGiveTheSameBytes() {
        let simulation = Simulation(clinics: 2, patients: 12, months: 6, seed: 7, start: Self.start, hasFaults: true)
        let first = Self.lines(simulation)
        #expect(Self.lines(simulation) == first)
        #expect(Self.lines(simulation, 1) != first)
        let other = Simulation(clinics: 2, patients: 12, months: 6, seed: 8, start: Self.start, hasFaults: true)
        #expect(Self.lines(other) != first)
    }

    /// On every machine. Whoever changes the simulation changes this digest, knowing that files made before are other files.
    @Test func theBytesAreThoseOfEveryOtherMachine() {
        let simulation = Simulation(clinics: 1, patients: 5, months: 3, seed: 7, start: Self.start, hasFaults: true)
        #expect(Self.digest(Self.lines(simulation)) == "823f0e7e8cc76c1cadf6eed9b08c466f5bb744484124aace2d9740bd7cb37f84")
    }

    /// Of two simulations with other parameters no command has the same id: both can be imported into one log.
    @Test func noCommandIdIsUsedTwice() throws {
        var ids: Set<String> = []
        var count = 0
        for (patients, hasFaults) in [(6, false), (6, true), (7, false)] {
            for line in Self.lines(Simulation(clinics: 1, patients: patients, months: 4, seed: 7, start: Self.start, hasFaults: hasFaults))
            {
                ids.insert(try #require(JSON.parse(line)["command"]?.text))
                count += 1
            }
        }
        #expect(ids.count == count && count > 1000)
    }

    @Test func everyLineIsAWellFormedRequestInTheOrderOfCharting() throws {
        let simulation = Simulation(clinics: 2, patients: 30, months: 12, seed: 3, start: Self.start, hasFaults: true)
        var charted = Timestamp(microseconds: .min)
        var types: Set<EventType> = []
        for line in Self.lines(simulation, 1) {
            let request = try JSON.parse(line)
            #expect(request.canonical == line)
            let time = try #require(request["charted_at"]?.text.flatMap { Timestamp(rfc3339: $0) })
            #expect(time >= charted)
            charted = time
            #expect(StreamID(try #require(request["stream"]?.text)) != nil)
            for event in request["events"]?.elements ?? [request] {
                let type = try #require(event["type"]?.text)
                let body = try EventBody(type: type, data: try #require(event["data"]))
                types.insert(body.type)
                let occurred = try #require(event["occurred_at"]?.text.flatMap { Timestamp(rfc3339: $0) })
                #expect(occurred <= time)
            }
        }
        #expect(types.count >= 40, "\(types.count) types")
    }
}
