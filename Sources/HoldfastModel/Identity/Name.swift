/// The name of a project, environment, region, node or policy: what people type and what appears in paths.
///
/// Lower-case letters, digits and hyphens, at most 40, beginning and ending with a letter or digit.
package struct Name: Hashable, Comparable, Sendable {
    package static let longest = 40

    package let text: String

    package init(_ text: String) throws(HoldfastError) {
        let bytes = Array(text.utf8)
        let edges = [bytes.first, bytes.last].allSatisfy { $0.map(Self.isAlphanumeric) ?? false }
        guard edges, bytes.count <= Self.longest,
            bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
        else {
            throw HoldfastError(
                .invalidArgument,
                """
                “\(text.printable(limit: 60))” can't be a name: use 1 to 40 lower-case letters, digits and hyphens, \
                beginning and ending with a letter or digit
                """)
        }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// Stands where a name would for all of them; nobody can type it.
    static let every = Name(unchecked: "*")

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Name: CustomStringConvertible {
    package var description: String { text }
}

extension Name: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var codingKey: any CodingKey { text.codingKey }

    package init?(codingKey: some CodingKey) {
        try? self.init(codingKey.stringValue)
    }
}
