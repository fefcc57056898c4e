/// What a service holds.
package enum ServiceKind: String, Codable, Hashable, Comparable, Sendable, CaseIterable {
    case database
    case media

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One service of an environment: `database:DEFAULT`, or `database` for short.
package struct ServiceReference: Hashable, Comparable, Sendable {
    package static let defaultName = "DEFAULT"

    package let kind: ServiceKind
    package let name: String

    package init(_ kind: ServiceKind) {
        self.kind = kind
        self.name = Self.defaultName
    }

    /// - Throws: `invalidArgument` unless the name is 1 to 40 letters, digits, hyphens and underscores.
    package init(_ kind: ServiceKind, name: String) throws(HoldfastError) {
        guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed) else {
            throw HoldfastError(
                .invalidArgument,
                """
                “\(name.printable(limit: 60))” can't be the name of a service: use 1 to 40 letters, digits, hyphens \
                and underscores
                """)
        }
        self.kind = kind
        self.name = name
    }

    /// Reads `database`, `media`, `database:NAME` or `media:NAME`.
    package init(_ text: String) throws(HoldfastError) {
        let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let kind = ServiceKind(rawValue: pieces[0]) else {
            throw HoldfastError(
                .invalidArgument,
                "“\(text.printable(limit: 60))” is no service: write database, media, database:NAME or media:NAME")
        }
        try self.init(kind, name: pieces.count == 2 ? pieces[1] : Self.defaultName)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}

extension ServiceReference: CustomStringConvertible {
    package var description: String { name == Self.defaultName ? kind.rawValue : "\(kind.rawValue):\(name)" }
}

extension ServiceReference: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
