import Glibc
import HoldfastModel

/// Splits a SQL script into statements, data and meta-commands as psql does, fed in pieces of any size.
///
/// It works on bytes, so the script must be in an encoding that a server may have: in those no byte of a longer character
/// looks like ASCII. A statement is kept whole, and so is limited; data passes in the pieces that it comes in.
struct ScriptReader {
    /// Of one statement, in bytes. A server takes no longer one than 1 GiB either.
    private let statementLimit: Int
    /// How many words of a statement are told.
    static let wordLimit = 4
    private static let metaCommandLimit = 4096

    private enum State {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// `escapes`: a backslash takes the next byte with it.
        case quoted(mark: UInt8, escapes: Bool)
        /// Right after what is the end of a quoted text unless the same mark follows.
        case afterQuote(mark: UInt8, escapes: Bool)
        /// Within what is a dollar quote's tag if it ends in another dollar.
        case dollarTag
        case dollarQuoted
        case metaCommand
        /// After the semicolon of a COPY, up to the end of its line.
        case copyLine
        case data
    }

    private var state = State.code
    private var text: [UInt8] = []
    private var words = ScriptWords()
    /// Of the code, for what takes two bytes; 0 where they can't belong together.
    private var previous: UInt8 = 0
    private var parentheses = 0
    private var tag: [UInt8] = []
    private var matched = 0
    private var isEscaped = false
    /// A literal with escapes has ended, and only white space and comments followed: the next one across a line break goes on
    /// with it.
    private var continuation: (isOpen: Bool, hasBreak: Bool) = (false, false)
    /// Set by the script itself, as psql hears from its server.
    private var plainBackslashes = true
    private var metaCommand: [UInt8] = []
    private var isLineStart = true
    /// The begin of a data line that may be its end.
    private var held: [UInt8] = []

    /// Takes bytes up to the end of the next part.
    /// - Returns: nil where all bytes were taken and the next part is not whole yet.
    /// - Throws: `malformed`; the script is not to be read further.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(HoldfastError) -> ScriptPart? {
        while !bytes.isEmpty {
            if case .data = state {
                if let part = data(&bytes) { return part }
            } else if try !quotedRun(&bytes), let byte = bytes.popFirst() {
                guard byte != 0 else { throw Self.malformed("it holds a NUL") }
                if let part = try take(byte) { return part }
            }
        }
        return nil
    }

    /// Says that the script has ended.
    /// - Throws: `malformed` where it ends within a part.
    func finish() throws(HoldfastError) {
        switch state {
        case .code, .lineComment, .afterQuote: guard text.isEmpty else { throw Self.malformed("it is cut short") }
        default: throw Self.malformed("it is cut short")
        }
    }

    static func malformed(_ reason: String) -> HoldfastError {
        HoldfastError(.malformed, "The script can't be applied: \(reason)")
    }

    init(statementLimit: Int = 256 << 20) { self.statementLimit = statementLimit }

    // MARK: Statements

    /// The long stretches: what is within quotes, up to a byte that may end it. - Returns: false where there is none.
    private mutating func quotedRun(_ bytes: inout ArraySlice<UInt8>) throws(HoldfastError) -> Bool {
        guard case .quoted(let mark, let escapes) = state, !isEscaped else { return false }
        let end = bytes.firstIndex { $0 == mark || $0 == 0 || escapes && $0 == UInt8(ascii: "\\") } ?? bytes.endIndex
        guard end > bytes.startIndex else { return false }
        try keep(bytes[..<end])
        bytes = bytes[end...]
        return true
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) throws(HoldfastError) {
        guard text.count + bytes.count <= statementLimit else {
            throw Self.malformed("a statement is longer than \(statementLimit >> 20) MiB")
        }
        text.append(contentsOf: bytes)
    }

    private mutating func take(_ byte: UInt8) throws(HoldfastError) -> ScriptPart? {
        switch state {
        case .code: return try code(byte)
        case .lineComment:
            if byte == UInt8(ascii: "\n") { try leaveComment(byte) }
        case .blockComment(let depth): try blockComment(byte, depth)
        case .quoted(let mark, let escapes):
            try keep(CollectionOfOne(byte))
            if isEscaped {
                isEscaped = false
            } else if byte == mark {
                state = .afterQuote(mark: mark, escapes: escapes)
            } else if escapes && byte == UInt8(ascii: "\\") {
                isEscaped = true
            }
        case .afterQuote(let mark, let escapes):
            if byte == mark {
                try keep(CollectionOfOne(byte))
                state = .quoted(mark: mark, escapes: escapes)
            } else {
                (state, previous) = (.code, 0)
                continuation = (escapes && mark == UInt8(ascii: "'"), false)
                return try code(byte)
            }
        case .dollarTag: return try dollarTag(byte)
        case .dollarQuoted: try dollarQuoted(byte)
        case .metaCommand: return try metaCommand(byte)
        case .copyLine:
            if byte == UInt8(ascii: "\n") {
                (state, isLineStart) = (.data, true)
            } else if !Self.isSpace(byte) {
                throw Self.malformed("something follows a COPY on its line")
            }
        case .data: break
        }
        return nil
    }

    private mutating func code(_ byte: UInt8) throws(HoldfastError) -> ScriptPart? {
        if Self.isWordByte(byte), byte != UInt8(ascii: "$") || words.isInWord {
            continuation.isOpen = false
            words.append(byte)
            try significant(byte)
            return nil
        }
        let before = words.endWord(parentheses: parentheses)
        switch byte {
        case UInt8(ascii: "-") where previous == byte: beginComment(.lineComment)
        case UInt8(ascii: "*") where previous == UInt8(ascii: "/"): beginComment(.blockComment(depth: 1))
        case UInt8(ascii: "'"):
            let escapes = before == "e" || continuation == (true, true) || !plainBackslashes
            try quote(byte, escapes: escapes)
        case UInt8(ascii: "\""): try quote(byte, escapes: false)
        case UInt8(ascii: "$"):
            (tag, state) = ([byte], .dollarTag)
            try significant(byte)
        case UInt8(ascii: ";") where parentheses == 0 && words.blocks == 0: return endStatement()
        case UInt8(ascii: "\\"):
            guard text.isEmpty else { throw Self.malformed("a meta-command stands within a statement") }
            (state, metaCommand) = (.metaCommand, [])
        case _ where Self.isSpace(byte):
            if byte == UInt8(ascii: "\n") { continuation.hasBreak = true }
            if !text.isEmpty { try keep(CollectionOfOne(byte)) }
            previous = 0
        default:
            if byte == UInt8(ascii: "(") { parentheses += 1 }
            if byte == UInt8(ascii: ")") { parentheses = max(parentheses - 1, 0) }
            // The first byte of a comment may follow a literal that goes on after it.
            if byte != UInt8(ascii: "-") && byte != UInt8(ascii: "/") { continuation.isOpen = false }
            try significant(byte)
            previous = byte
        }
        return nil
    }

    private mutating func significant(_ byte: UInt8) throws(HoldfastError) {
        try keep(CollectionOfOne(byte))
        previous = 0
    }

    private mutating func quote(_ byte: UInt8, escapes: Bool) throws(HoldfastError) {
        words.interrupt()
        continuation = (false, false)
        try significant(byte)
        state = .quoted(mark: byte, escapes: escapes)
    }

    /// Its first byte was taken for code.
    private mutating func beginComment(_ comment: State) {
        text.removeLast()
        (state, previous) = (comment, 0)
    }

    /// A comment separates what stands before and after it.
    private mutating func leaveComment(_ separator: UInt8) throws(HoldfastError) {
        if separator == UInt8(ascii: "\n") { continuation.hasBreak = true }
        if !text.isEmpty { try keep(CollectionOfOne(separator)) }
        (state, previous) = (.code, 0)
    }

    private mutating func blockComment(_ byte: UInt8, _ depth: Int) throws(HoldfastError) {
        if previous == UInt8(ascii: "*") && byte == UInt8(ascii: "/") {
            previous = 0
            if depth == 1 { return try leaveComment(UInt8(ascii: " ")) }
            state = .blockComment(depth: depth - 1)
        } else if previous == UInt8(ascii: "/") && byte == UInt8(ascii: "*") {
            (state, previous) = (.blockComment(depth: depth + 1), 0)
        } else {
            previous = byte
        }
    }

    private mutating func dollarTag(_ byte: UInt8) throws(HoldfastError) -> ScriptPart? {
        let isDollar = byte == UInt8(ascii: "$")
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        guard isDollar || Self.isWordByte(byte) && !(isDigit && tag.count == 1) else {
            // A parameter, or the end of something that is no SQL.
            (state, previous) = (.code, 0)
            return try code(byte)
        }
        try keep(CollectionOfOne(byte))
        tag.append(byte)
        if isDollar {
            words.interrupt()
            continuation = (false, false)
            (state, matched) = (.dollarQuoted, 0)
        }
        return nil
    }

    private mutating func dollarQuoted(_ byte: UInt8) throws(HoldfastError) {
        try keep(CollectionOfOne(byte))
        // The tag has its dollars at its ends alone, so a new match begins only with one.
        matched = byte == tag[matched] ? matched + 1 : byte == tag[0] ? 1 : 0
        if matched == tag.count { (state, previous) = (.code, 0) }
    }

    private mutating func endStatement() -> ScriptPart? {
        let statement = ScriptStatement(text: text, words: words.first)
        let isCopy = words.copiesFromStdin
        if statement.words.starts(with: ["set", "standard_conforming_strings"]), let value = words.last {
            plainBackslashes = value != "off"
        }
        (text, words, previous, parentheses) = ([], ScriptWords(), 0, 0)
        continuation = (false, false)
        guard !statement.text.isEmpty else { return nil }
        guard isCopy else { return .statement(statement) }
        state = .copyLine
        return .copy(statement)
    }

    private mutating func metaCommand(_ byte: UInt8) throws(HoldfastError) -> ScriptPart? {
        guard byte == UInt8(ascii: "\n") else {
            metaCommand.append(byte)
            guard metaCommand.count <= Self.metaCommandLimit else { throw Self.malformed("a meta-command is too long") }
            return nil
        }
        state = .code
        return .metaCommand(String(decoding: metaCommand, as: UTF8.self))
    }

    // MARK: Data

    /// Data goes on to a line of `\.` alone.
    private mutating func data(_ bytes: inout ArraySlice<UInt8>) -> ScriptPart? {
        if isLineStart, !held.isEmpty || bytes.first == UInt8(ascii: "\\") { return lineStart(&bytes) }
        var end = bytes.startIndex
        while end < bytes.endIndex {
            let newline = bytes[end...].withUnsafeBytes { line in
                line.baseAddress.flatMap { start in memchr(start, 0x0a, line.count).map { UnsafeRawPointer($0) - start }
                }
            }
            guard let newline else {
                (end, isLineStart) = (bytes.endIndex, false)
                break
            }
            end += newline + 1
            isLineStart = true
            if end < bytes.endIndex, bytes[end] == UInt8(ascii: "\\") {
                // A line that begins with a missing value is not the end.
                if end + 1 < bytes.endIndex, bytes[end + 1] != UInt8(ascii: ".") { continue }
                break
            }
        }
        defer { bytes = bytes[end...] }
        return .data(bytes[..<end])
    }

    private mutating func lineStart(_ bytes: inout ArraySlice<UInt8>) -> ScriptPart? {
        while let byte = bytes.popFirst() {
            held.append(byte)
            switch held {
            case Array("\\".utf8), Array("\\.".utf8), Array("\\.\r".utf8): continue
            case Array("\\.\n".utf8), Array("\\.\r\n".utf8):
                (held, state, previous) = ([], .code, 0)
                return .dataEnd
            default:
                isLineStart = byte == UInt8(ascii: "\n")
                defer { held = [] }
                return .data(held[...])
            }
        }
        return nil
    }

    // MARK: Bytes

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
