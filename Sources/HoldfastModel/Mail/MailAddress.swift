/// Where mail goes: `somebody@example.org`.
///
/// What is accepted is what people have: RFC 5321 without quoted names and numbers for domains. An address ends up in a
/// conversation of lines, so nothing that could end a line, or a bracket, ever gets in.
package struct MailAddress: Hashable, Sendable {
    package static let longest = 254

    package let text: String

    /// - Throws: `invalidArgument` that says what is wrong.
    package init(_ text: String) throws(HoldfastError) {
        func refuse(_ reason: String) -> HoldfastError {
            HoldfastError(.invalidArgument, "“\(text.printable(limit: 100))” is no mail address: \(reason)")
        }
        guard text.utf8.count <= Self.longest else { throw refuse("it has over \(Self.longest) bytes.") }
        let halves = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard halves.count == 2 else { throw refuse("write it as name@domain.") }
        guard (1...64).contains(halves[0].count), Self.isDotted(halves[0], Self.isNameByte) else {
            throw refuse("before the @ stand letters, digits and some signs, and single dots between them.")
        }
        guard Self.isDotted(halves[1], Self.isDomainByte) else {
            throw refuse("after the @ stands the name of a host; one with other letters is written in its ASCII form.")
        }
        self.text = text
    }

    /// Parts with something in them and single dots between.
    private static func isDotted(_ bytes: Substring.UTF8View, _ isAllowed: (UInt8) -> Bool) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDomainByte(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension MailAddress: CustomStringConvertible {
    package var description: String { text }
}

extension MailAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = try MailAddress(try container.decode(String.self))
        } catch let error as HoldfastError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.message, underlyingError: error))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
