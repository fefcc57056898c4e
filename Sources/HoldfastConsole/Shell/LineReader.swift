import HoldfastModel

/// Reads lines at a prompt: with an editor on a terminal, plainly elsewhere.
struct LineReader {
    enum Line {
        case typed(String)
        case abandoned
        case ended
    }

    private let prompt: String
    private let completion = WordCompletion()
    private let raw = RawTerminal()
    private let terminal: ClientTerminal
    private var decoder = KeyDecoder()
    private var waiting: [Key] = []

    init(prompt: String, terminal: ClientTerminal) {
        self.prompt = prompt
        self.terminal = terminal
    }

    mutating func next(history: [String]) -> Line {
        guard let raw else { return terminal.readLine().map(Line.typed) ?? .ended }
        let completion = completion
        var editor = LineEditor(history: history) { completion.candidates(after: $0, beginning: $1) }
        draw(editor)
        return raw.raw {
            while true {
                if waiting.isEmpty {
                    let bytes = raw.read()
                    guard !bytes.isEmpty else { return .ended }
                    waiting = decoder.keys(for: bytes)
                }
                while !waiting.isEmpty {
                    if let line = act(on: editor.apply(waiting.removeFirst()), editor) { return line }
                }
            }
        }
    }

    /// Nil while the line is not done.
    private func act(on outcome: LineEditor.Outcome, _ editor: LineEditor) -> Line? {
        switch outcome {
        case .unchanged: break
        case .changed: draw(editor)
        case .clearScreen:
            terminal.printOutput("\u{1b}[H\u{1b}[2J")
            draw(editor)
        case .candidates(let words):
            terminal.printOutput("\r\n\(words.joined(separator: "  "))\r\n")
            draw(editor)
        case .submitted(let line):
            terminal.printOutput("\r\n")
            return .typed(line)
        case .abandoned:
            terminal.printOutput("^C\r\n")
            return .abandoned
        case .ended:
            terminal.printOutput("\r\n")
            return .ended
        }
        return nil
    }

    private func draw(_ editor: LineEditor) {
        let columns = max(20, ClientTerminal.process.columns ?? 80) - prompt.count - 1
        let (text, cursor) = Self.window(of: editor.text, around: editor.cursor, columns: columns)
        terminal.printOutput("\r\(prompt)\(text)\u{1b}[K\r\u{1b}[\(prompt.count + cursor)C")
    }

    /// The part of a line that fits, with the cursor in it, and the column of the cursor.
    static func window(of text: [Character], around cursor: Int, columns: Int) -> (text: String, cursor: Int) {
        var start = cursor
        var before = 0
        while start > 0, before + DisplayWidth.of(text[start - 1]) <= columns {
            start -= 1
            before += DisplayWidth.of(text[start])
        }
        var end = cursor
        var width = before
        while end < text.count, width + DisplayWidth.of(text[end]) <= columns {
            width += DisplayWidth.of(text[end])
            end += 1
        }
        return (String(text[start..<end]), before)
    }
}
