/// The name of a stored object (shard, manifest, reference list): the SHA-256 of its stored bytes.
package struct ObjectName: Hashable, Comparable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// - Precondition: `bytes` are 32.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount)
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits.
    package init?(_ text: String) {
        guard let bytes = [UInt8](hexadecimal: text), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension ObjectName: CustomStringConvertible {
    package var description: String { bytes.hexadecimal }
}

extension ObjectName: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = ObjectName(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not 64 hexadecimal digits"))
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
