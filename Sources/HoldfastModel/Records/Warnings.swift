/// What a person should know of a backup's part or of a restore: the first few by name, and how many there are.
///
/// Names come from whoever fills a tree, so what is listed is bounded by bytes as well: a message that carries it fits its
/// frame whatever they are.
package struct Warnings: Hashable, Codable, Sendable {
    package static let listed = 20
    /// Bytes of JSON that the listed ones may take.
    package static let room = 20 << 10
    /// Characters of one of them: a path with its name whole, and what is said of it, in the longest printable form.
    private static let longest = 2000

    package var count = 0
    package var first: [String] = []

    package init() {}

    package mutating func add(_ warning: String) {
        // The list stays that of the first ones, and costs nothing once it is full.
        let isListed = first.count == count && first.count < Self.listed
        count += 1
        if isListed { list(warning) }
    }

    package mutating func add(_ other: Warnings) {
        count = max(0, count).addingClamped(max(0, other.count))
        for warning in other.first where first.count < Self.listed { list(warning) }
    }

    private mutating func list(_ warning: String) {
        let text = warning.printable(limit: Self.longest)
        if Self.bytes(of: text) <= Self.room - bytes { first.append(text) }
    }

    /// Bytes of JSON that the listed ones take.
    package var bytes: Int { first.reduce(0) { $0 + Self.bytes(of: $1) } }

    /// Lists fewer, the first ones, if these take more bytes than that.
    package mutating func limit(to room: Int) {
        while bytes > room { first.removeLast() }
    }

    /// With quotation marks and a comma. Line breaks and the like were made printable.
    private static func bytes(of text: String) -> Int {
        text.utf8.reduce(3) { $0 + ($1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 2 : 1) }
    }

    /// Adds what was found on one of several services.
    package mutating func add(_ other: Warnings, on service: ServiceReference) {
        var named = other
        named.first = other.first.map { "\(service): \($0)" }
        add(named)
    }
}

extension KeyedDecodingContainer {
    /// What was written before there were warnings of its kind has none.
    package func decode(_ type: Warnings.Type, forKey key: Key) throws -> Warnings {
        try decodeIfPresent(type, forKey: key) ?? Warnings()
    }
}
