package import HoldfastModel

/// Splits a line into words as a shell does: blanks part them; `'…'` is literal; in `"…"` and outside quotes a backslash
/// takes the next character as it is. Nothing is expanded.
package enum LineSplitter {
    package static let lineLimitBytes = 16 * 1024
    package static let wordLimit = 256

    /// - Throws: `tooLarge` for a line over the limits, `invalidArgument` for control characters, an open quote or a
    ///   backslash at the end.
    package static func words(of line: String) throws(HoldfastError) -> [String] {
        guard line.utf8.count <= lineLimitBytes else {
            throw HoldfastError(.tooLarge, "The line is longer than \(lineLimitBytes) bytes")
        }
        var words: [String] = []
        var word: String?
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\t" || quote != nil || isEscaped {
                let code = String(scalar.value, radix: 16)
                throw HoldfastError(.invalidArgument, "The line has a control character (U+\(code)); type plain text")
            }
            if isEscaped {
                word = word ?? ""
                word?.unicodeScalars.append(scalar)
                isEscaped = false
                continue
            }
            switch (scalar, quote) {
            case ("\\", nil), ("\\", "\""): isEscaped = true
            case (_, let open?):
                if scalar == open { quote = nil } else { word?.unicodeScalars.append(scalar) }
            case ("'", nil), ("\"", nil):
                quote = scalar
                word = word ?? ""
            case (" ", nil), ("\t", nil):
                if let finished = word { try append(finished, to: &words) }
                word = nil
            default:
                word = word ?? ""
                word?.unicodeScalars.append(scalar)
            }
        }
        if let quote {
            throw HoldfastError(.invalidArgument, "The line ends inside a quotation: add the closing \(quote)")
        }
        guard !isEscaped else {
            throw HoldfastError(.invalidArgument, "The line ends with a backslash: nothing follows that it could take")
        }
        if let word { try append(word, to: &words) }
        return words
    }

    private static func append(_ word: String, to words: inout [String]) throws(HoldfastError) {
        guard words.count < wordLimit else {
            throw HoldfastError(.tooLarge, "The line has more than \(wordLimit) words")
        }
        words.append(word)
    }

    /// The word as `words(of:)` reads it back.
    package static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-_./:=@%+,".unicodeScalars.contains(scalar)
            }
        guard !isPlain else { return word }
        var text = "\""
        for scalar in word.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}
