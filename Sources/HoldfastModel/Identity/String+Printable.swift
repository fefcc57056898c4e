extension String {
    /// The text with everything that could disturb a terminal or a log line replaced, cut to `limit` characters.
    package func printable(limit: Int = 200) -> String {
        var result = ""
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else { return result + "…" }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The printable form of a file name, whose bytes need not be UTF-8: other bytes appear as `\xNN`.
    package static func printable(bytes: some Sequence<UInt8>, limit: Int = 200) -> String {
        let array = Array(bytes)
        if let text = String(validating: array, as: UTF8.self) { return text.printable(limit: limit) }
        return array.prefix(limit).map { byte in
            (0x20..<0x7f).contains(byte)
                ? String(UnicodeScalar(byte))
                : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The printable form of a file's path, with its name whole: of a long one the middle is left out.
    package static func printable(path: [UInt8]) -> String {
        let (front, back) = (140, 260)
        guard path.count > front + back else { return printable(bytes: path, limit: .max) }
        let isContinuation = { (index: Int) in path[index] & 0xc0 == 0x80 }
        var (cut, rest) = (front, path.count - back)
        // No character is cut in two; three bytes are the most that follow a first one.
        while cut > front - 3, isContinuation(cut) { cut -= 1 }
        while rest > path.count - back - 3, isContinuation(rest) { rest -= 1 }
        return printable(bytes: path[..<cut], limit: .max) + "…" + printable(bytes: path[rest...], limit: .max)
    }
}
