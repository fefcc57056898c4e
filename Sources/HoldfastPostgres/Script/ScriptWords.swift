/// The bare words of a statement as they pass, as far as its end and its kind depend on them.
struct ScriptWords {
    private static let nameLimit = 64

    /// Outside of parentheses, in lower case.
    private(set) var first: [String] = []
    /// The last one; nil where something quoted followed it.
    private(set) var last: String?
    private(set) var copiesFromStdin = false
    /// How many blocks of a function's body in standard SQL are open; its statements end within it.
    private(set) var blocks = 0
    private var word: [UInt8] = []

    var isInWord: Bool { !word.isEmpty }

    mutating func append(_ byte: UInt8) {
        // Longer ones are names, of which no more is needed than that they go on.
        guard word.count < Self.nameLimit else { return }
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        word.append(isCapital ? byte | 0x20 : byte)
    }

    /// - Returns: the word that ends here, if one does.
    mutating func endWord(parentheses: Int) -> String? {
        guard !word.isEmpty else { return nil }
        let text = String(decoding: word, as: UTF8.self)
        word.removeAll(keepingCapacity: true)
        guard parentheses == 0 else { return text }
        if first.first == "copy", last == "from", text == "stdin" { copiesFromStdin = true }
        if makesRoutine { count(text) }
        if first.count < ScriptReader.wordLimit { first.append(text) }
        last = text
        return text
    }

    /// Something quoted stands between the word before and the one after.
    mutating func interrupt() { last = nil }

    private var makesRoutine: Bool {
        let rest = first.starts(with: ["create", "or", "replace"]) ? first.dropFirst(3) : first.dropFirst()
        return first.first == "create" && (rest.first == "function" || rest.first == "procedure")
    }

    private mutating func count(_ word: String) {
        switch word {
        case "begin": blocks += 1
        case "case": if blocks > 0 { blocks += 1 }
        case "end": if blocks > 0 { blocks -= 1 }
        default: break
        }
    }
}
