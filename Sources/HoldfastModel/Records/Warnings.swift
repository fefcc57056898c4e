/// What a person should know of a backup's part or of a restore: the first few by name, and how many there are.
package struct Warnings: Hashable, Codable, Sendable {
    package static let listed = 20

    package var count = 0
    package var first: [String] = []

    package init() {}

    package mutating func add(_ warning: String) {
        count += 1
        if first.count < Self.listed { first.append(warning) }
    }

    package mutating func add(_ other: Warnings) {
        count += other.count
        first.append(contentsOf: other.first.prefix(Self.listed - first.count))
    }

    /// Adds what was found on one of several services. Each text is cut, so that the whole fits a message.
    package mutating func add(_ other: Warnings, on service: ServiceReference) {
        var named = other
        named.first = other.first.map { "\(service): \($0)".printable(limit: 400) }
        add(named)
    }
}

extension KeyedDecodingContainer {
    /// What was written before there were warnings of its kind has none.
    package func decode(_ type: Warnings.Type, forKey key: Key) throws -> Warnings {
        try decodeIfPresent(type, forKey: key) ?? Warnings()
    }
}
