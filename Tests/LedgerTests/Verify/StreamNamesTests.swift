import Foundation
import Testing

@testable import Ledger

@Suite struct StreamNamesTests {
    private func number(of name: String, in names: inout StreamNames) -> Int {
        var name = name
        return name.withUTF8 { names.number(of: UnsafeRawBufferPointer($0)) }
    }

    @Test func eachNameHasOneNumber() {
        var names = StreamNames()
        for round in 0..<2 {
            for index in 0..<3000 {
                #expect(number(of: session(index), in: &names) == index, "round \(round)")
            }
        }
        #expect(names.count == 3000)
    }

    /// Two streams of a log stay two, also where Unicode takes their names for one.
    @Test func namesAreToldApartByTheirBytes() {
        var names = StreamNames()
        #expect(["\u{E9}", "e\u{301}", "", "e"].map { number(of: $0, in: &names) } == [0, 1, 2, 3])
        #expect(["", "e", "e\u{301}", "\u{E9}"].map { number(of: $0, in: &names) } == [2, 3, 1, 0])
    }

    @Test func tablesAreBroughtTogether() {
        var (all, part) = (StreamNames(), StreamNames())
        for name in ["a", "b", "c"] { _ = number(of: name, in: &all) }
        for name in ["c", "d", "a"] { _ = number(of: name, in: &part) }
        #expect(all.numbers(of: part) == [2, 3, 0])
        #expect(all.numbers(of: StreamNames()) == [])
        #expect(all.count == 4)
    }
}

@Suite struct RegisterSumTests {
    private let key = RegisterSum.Key()

    private func sum(_ commands: [(UUID, Int64, Int64)], _ key: RegisterSum.Key) -> RegisterSum {
        var sum = RegisterSum(key)
        for (command, first, events) in commands { sum.add(command, first: first, events: events) }
        return sum
    }

    @Test func theOrderPlaysNoPart() {
        let commands = (0..<100).map { (UUID(), Int64($0), Int64($0 % 3 + 1)) }
        #expect(sum(commands, key) == sum(commands.reversed(), key))
        #expect(sum([], key) == sum([], key))
    }

    @Test func whatDiffersShows() {
        let commands = (0..<10).map { (UUID(), Int64($0), Int64(1)) }
        let whole = sum(commands, key)
        #expect(sum(Array(commands.dropLast()), key) != whole)
        #expect(sum(commands + [commands[0]], key) != whole)
        #expect(sum(Array(commands.dropLast()) + [commands[0]], key) != whole)
        for index in commands.indices {
            for (command, first, events) in [(UUID(), 0, 0), (nil, 1, 0), (nil, 0, 1)] as [(UUID?, Int64, Int64)] {
                var altered = commands
                altered[index] = (command ?? altered[index].0, altered[index].1 + first, altered[index].2 + events)
                #expect(sum(altered, key) != whole)
            }
        }
        var swapped = commands
        (swapped[0].0, swapped[1].0) = (swapped[1].0, swapped[0].0)
        #expect(sum(swapped, key) != whole)
    }
}
