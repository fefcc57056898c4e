/// The words of a statement as `pg_dump` writes one: bare words, quoted identifiers, and single characters.
enum SQLWords {
    enum Word: Hashable {
        case bare(String)
        case quoted(String)
        case symbol(Character)

        /// The word as the name of something; a bare word is in lower case if it is a name.
        var name: String? {
            switch self {
            case .bare(let text), .quoted(let text): text
            case .symbol: nil
            }
        }
    }

    static func words(in statement: String) -> [Word] {
        var words: [Word] = []
        var rest = Substring(statement)
        while let character = rest.first {
            if character == "\"" {
                words.append(.quoted(quoted(&rest)))
            } else if character == "'" {
                // A literal names nothing.
                _ = quoted(&rest, mark: "'")
            } else if character.isWhitespace {
                rest.removeFirst()
            } else if isNameCharacter(character) {
                let word = rest.prefix(while: isNameCharacter)
                words.append(.bare(String(word)))
                rest = rest[word.endIndex...]
            } else {
                words.append(.symbol(character))
                rest.removeFirst()
            }
        }
        return words
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
    }

    /// Takes what is between quotes; two of them within are one.
    private static func quoted(_ rest: inout Substring, mark: Character = "\"") -> String {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == mark {
                guard rest.first == mark else { break }
                rest.removeFirst()
            }
            text.append(character)
        }
        return text
    }
}
