/// Paths as text on one line, and back: what is not printable is escaped, and so is a backslash.
package enum EscapedPath {
    package static func text(_ path: some Collection<UInt8>) -> String {
        let isText = String(validating: path, as: UTF8.self) != nil
        var bytes: [UInt8] = []
        for byte in path {
            switch byte {
            case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
            case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case ..<0x20, 0x7f: bytes += escape(byte)
            case 0x80... where !isText: bytes += escape(byte)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil where a backslash is followed by nothing known.
    package static func path(_ text: String) -> [UInt8]? {
        var path: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                path.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): path.append(byte)
            case UInt8(ascii: "t"): path.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "n"): path.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "x"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                path.append(value)
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return path
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        Array(("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
    }
}
