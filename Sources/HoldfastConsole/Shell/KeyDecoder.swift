/// A key, as a line editor knows it.
package enum Key: Hashable, Sendable {
    case character(Character)
    case left, right, up, down, home, end
    case wordLeft, wordRight
    case backspace, delete
    case enter, tab, escape
    /// With the letter in lower case.
    case control(Character)
}

/// Turns the bytes of a terminal in raw mode into keys. Sequences it does not know are dropped whole.
package struct KeyDecoder: Sendable {
    private var pending: [UInt8] = []

    /// A sequence that is longer is not one.
    private static let limit = 16

    package init() {}

    package mutating func keys(for bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        var rest = pending[...]
        while let first = rest.first {
            guard let (key, length) = first == 0x1b ? Self.sequence(rest) : Self.character(rest) else { break }
            if let key { keys.append(key) }
            rest = rest.dropFirst(length)
        }
        pending = rest.count > Self.limit ? [] : Array(rest)
        return keys
    }

    /// A lone escape stays pending until something follows it, as it may begin a sequence.
    private static func sequence(_ bytes: ArraySlice<UInt8>) -> (Key?, Int)? {
        let bytes = Array(bytes.prefix(limit))
        guard bytes.count >= 2 else { return nil }
        switch bytes[1] {
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7e).contains($0) }) else {
                return bytes.count == limit ? (nil, limit) : nil
            }
            let parameters = String(decoding: bytes[2..<end], as: UTF8.self)
            return (named(bytes[end], parameters), end + 1)
        case UInt8(ascii: "b"): return (.wordLeft, 2)
        case UInt8(ascii: "f"): return (.wordRight, 2)
        case 0x7f: return (.control("w"), 2)
        default: return (.escape, 1)
        }
    }

    private static func named(_ final: UInt8, _ parameters: String) -> Key? {
        switch (final, parameters) {
        case (UInt8(ascii: "A"), _): .up
        case (UInt8(ascii: "B"), _): .down
        case (UInt8(ascii: "C"), "1;5"), (UInt8(ascii: "C"), "1;3"): .wordRight
        case (UInt8(ascii: "D"), "1;5"), (UInt8(ascii: "D"), "1;3"): .wordLeft
        case (UInt8(ascii: "C"), _): .right
        case (UInt8(ascii: "D"), _): .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): .end
        case (UInt8(ascii: "~"), "3"): .delete
        default: nil
        }
    }

    private static func character(_ bytes: ArraySlice<UInt8>) -> (Key?, Int)? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x0d, 0x0a: return (.enter, 1)
        case 0x09: return (.tab, 1)
        case 0x7f, 0x08: return (.backspace, 1)
        case 1...26: return (.control(Character(UnicodeScalar(first + 0x60))), 1)
        case ..<0x20: return (nil, 1)
        case ..<0x80: return (.character(Character(UnicodeScalar(first))), 1)
        default: break
        }
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
        guard bytes.count >= length else { return nil }
        guard let text = String(validating: bytes.prefix(length), as: UTF8.self), let character = text.first,
            character.unicodeScalars.first?.properties.generalCategory != .control
        else { return (nil, 1) }
        return (.character(character), length)
    }
}
