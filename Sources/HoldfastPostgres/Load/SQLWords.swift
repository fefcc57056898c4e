/// The words of a statement as `pg_dump` writes one: bare words, quoted identifiers, and single characters.
enum SQLWords {
    enum Word: Hashable {
        case bare(String)
        case quoted(String)
        case symbol(Unicode.Scalar)

        /// The word as the name of something; a bare word is in lower case if it is a name.
        var name: String? {
            switch self {
            case .bare(let text), .quoted(let text): text
            case .symbol: nil
            }
        }
    }

    /// Scalar by scalar, as the server reads: an accent may stand on a quote.
    static func words(in statement: String) -> [Word] {
        var words: [Word] = []
        var rest = Substring(statement).unicodeScalars
        while let scalar = rest.first {
            if scalar == "\"" {
                words.append(.quoted(quoted(&rest)))
            } else if scalar == "'" {
                // A literal names nothing.
                _ = quoted(&rest, mark: "'")
            } else if scalar.properties.isWhitespace {
                rest.removeFirst()
            } else if isNameScalar(scalar) {
                let word = rest.prefix(while: isNameScalar)
                words.append(.bare(String(word)))
                rest = rest[word.endIndex...]
            } else {
                words.append(.symbol(scalar))
                rest.removeFirst()
            }
        }
        return words
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "$"
    }

    /// Takes what is between quotes; two of them within are one.
    private static func quoted(_ rest: inout Substring.UnicodeScalarView, mark: Unicode.Scalar = "\"") -> String {
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == mark {
                guard rest.first == mark else { break }
                rest.removeFirst()
            }
            text.append(scalar)
        }
        return String(text)
    }
}
