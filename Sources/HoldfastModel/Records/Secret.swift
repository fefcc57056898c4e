/// A password, key or token in the clear. Printing one shows nothing; only `revealed` gives the text.
package struct Secret: Hashable, Codable, Sendable {
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package init(from decoder: any Decoder) throws {
        revealed = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(revealed)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
