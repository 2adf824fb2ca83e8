/// The names that the events of a log bear, numbered from 0 as they are met.
public struct ReplayNames: Sendable {
    /// Of the events' own streams and of those that they concern.
    var streams = StreamNames()
    var types = StreamNames()

    public var streamCount: Int { streams.count }
    public func stream(_ number: Int) -> String { streams.name(number) }
    public func type(_ number: Int) -> String { types.name(number) }

    /// The number of a stream; nil where no event bears its name.
    public func number(ofStream name: String) -> Int? { streams.known(name) }
}
