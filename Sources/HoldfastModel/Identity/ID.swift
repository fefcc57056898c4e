/// The identifier of one `Of`: twelve characters of Crockford's base 32 in lower case, easy to read out and to type.
///
/// The first seven characters count seconds since 1970, so identifiers sort by age; the other five are random. An
/// identifier is unique because the catalog refuses a second record with the same one, not because it is random.
package struct ID<Of>: Hashable, Comparable, Sendable {
    package static var length: Int { 12 }

    package let text: String

    /// Nil unless `text` has the form of an identifier.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Base32.isDigit) else { return nil }
        self.text = text
    }

    package init(at time: Timestamp, entropy: some Entropy) {
        let seconds = UInt64(max(0, time.milliseconds / 1000)) & 0x7_ffff_ffff
        let random = entropy.bytes(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & 0x1ff_ffff
        self.text = Base32.text(of: seconds << 25 | random, digits: Self.length)
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension ID: CustomStringConvertible {
    package var description: String { text }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an identifier"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension ID: CodingKeyRepresentable {
    package var codingKey: any CodingKey { text.codingKey }

    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

package typealias ProjectID = ID<Project>
package typealias BackupID = ID<Backup>
package typealias JobID = ID<Job>
package typealias NodeID = ID<Node>
