/// The number of a leader's term of office. Whoever writes or orders with a lower one than the highest seen is refused.
package struct Epoch: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package var next: Epoch { Epoch(number + 1) }
    package var description: String { String(number) }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(UInt64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
