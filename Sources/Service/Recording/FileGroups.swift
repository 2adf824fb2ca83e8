import Foundation

/// Import files, such that those that may hold lines of one clinic are together, in their order: what different groups hold can be recorded at the same time.
struct FileGroups {
    private(set) var groups: [[String]] = []

    /// Looks through the files for the clinics that their lines name, without reading the lines as JSON. What can't be looked at beforehand, a pipe, and
    /// what names its clinic in an unusual way, may hold lines of any clinic.
    init(_ files: [String]) throws(Importer.UnreadableFile) {
        var clinics: [Set<String>] = []
        for file in files {
            guard files.count > 1, let named = try Self.clinics(in: file) else {
                groups = [files]
                return
            }
            let touched = groups.indices.filter { !clinics[$0].isDisjoint(with: named) }
            guard let first = touched.first else {
                groups.append([file])
                clinics.append(named)
                continue
            }
            // The file ties these groups together; those before it stay in the order given.
            let order = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
            groups[first] = touched.flatMap { groups[$0] }.sorted { (order[$0] ?? 0) < (order[$1] ?? 0) } + [file]
            clinics[first] = touched.reduce(into: named) { $0.formUnion(clinics[$1]) }
            for index in touched.dropFirst().reversed() {
                groups.remove(at: index)
                clinics.remove(at: index)
            }
        }
    }

    /// The clinics that lines of the file may name, perhaps with others; nil where they could name any.
    private static func clinics(in file: String) throws(Importer.UnreadableFile) -> Set<String>? {
        guard LineReader.isRegular(file) else { return nil }
        var lines = try LineReader(path: file, maximumBytes: Importer.maximumLineBytes)
        var clinics: Set<String> = []
        while let line = try lines.next() {
            // A line that is too long is refused unread.
            guard let bytes = line.bytes else { continue }
            guard bytes.withUnsafeBytes({ collect(from: $0, into: &clinics) }) else { return nil }
        }
        return clinics
    }

    /// False where the line may name any clinic.
    private static func collect(from line: UnsafeRawBufferPointer, into clinics: inout Set<String>) -> Bool {
        // An escape could spell the name of a member or its value in another way.
        guard find("\\u", in: line) == nil else { return false }
        var rest = line
        while let key = find("\"clinic\"", in: rest) {
            rest = UnsafeRawBufferPointer(rebasing: rest[(key + 8)...])
            // A value may be that too: the clinic's own stream.
            if let next = rest.first, UInt8(ascii: ",") == next || UInt8(ascii: "}") == next { continue }
            guard rest.starts(with: ":\"".utf8), let end = rest.dropFirst(2).firstIndex(of: UInt8(ascii: "\"")) else { return false }
            clinics.insert(String(decoding: rest[2..<end], as: UTF8.self))
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
        return true
    }

    /// Where `part` stands first.
    private static func find(_ part: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let length = part.utf8CodeUnitCount
        var at = 0
        while at + length <= bytes.count {
            guard let found = memchr(base + at, Int32(part.utf8Start[0]), bytes.count - at - length + 1) else { return nil }
            if memcmp(found, part.utf8Start, length) == 0 { return UnsafeRawPointer(found) - base }
            at = UnsafeRawPointer(found) - base + 1
        }
        return nil
    }
}
