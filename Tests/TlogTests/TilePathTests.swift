import Testing

@testable import Tlog

@Suite struct TilePathTests {
    @Test(arguments: [
        ("0/x001/x234/067", 0, 1_234_067, 256), ("1/000", 1, 0, 256), ("7/x001/000.p/1", 7, 1000, 1), ("0/255.p/255", 0, 255, 255),
    ])
    func isReadAsItIsWritten(path: String, level: Int, number: UInt64, count: Int) throws {
        let tile = try #require(Tile(path: path))
        #expect(tile == Tile(level: level, number: number, count: count))
        #expect(tile.path == "tile/" + path)
    }

    @Test func bundlesOfEntries() throws {
        #expect(TilePath.entries(number: 1000, count: 3) == "tile/entries/x001/000.p/3")
        let path = try #require(TilePath("entries/x001/000.p/3"))
        #expect(path.level == nil && path.number == 1000 && path.count == 3)
        #expect(TilePath.entries(number: 0, count: 256) == "tile/entries/000")
    }

    @Test(arguments: [
        "", "0", "0/", "0/1", "0/0001", "0/x001", "0/001/x002", "0/x000/001", "8/000", "-1/000", "00/000", "0/000.p", "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01", "0/000.p/-1", "0/../000", "0/x001/1e3", "entries/x00/001", "0/000/", "8/0/000",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "0/٠٠٠",
    ])
    func otherSpellingsAreRefused(path: String) {
        #expect(TilePath(path) == nil)
    }
}
