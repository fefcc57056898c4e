import Testing

@testable import HoldfastConsole

@Suite struct LineEditorTests {
    /// Keys as bytes of a terminal, and what the line then is, the cursor shown as `|`.
    @Test(arguments: [
        ("abc", "abc|"), ("abc\u{1b}[D\u{1b}[Dx", "ax|bc"), ("abc\u{1}x", "x|abc"), ("abc\u{1}\u{5}x", "abcx|"),
        ("abc\u{1b}[Hx\u{1b}[Fy", "x" + "abcy|"), ("abc\u{1b}OHx", "x|abc"), ("abc\u{7f}", "ab|"), ("abc\u{8}", "ab|"),
        ("abc\u{1b}[D\u{1b}[3~", "ab|"), ("abc\u{1}\u{1b}[3~", "|bc"), ("abc\u{1}\u{4}", "|bc"),
        ("ab cd\u{17}", "ab |"), ("ab cd  \u{17}x", "ab x|"), ("ab cd\u{15}", "|"), ("ab cd\u{1}\u{b}", "|"),
        ("ab cd\u{17}\u{1}\u{19}", "cd|ab "), ("abc\u{2}\u{2}\u{6}x", "abx|c"), ("ab cd\u{1b}bx", "ab x|cd"),
        ("ab cd\u{1}\u{1b}fx", "abx| cd"), ("ab cd\u{1b}[1;5Dx", "ab x|cd"), ("日本\u{1b}[D!", "日!|本"),
        ("a\u{1b}[99;99Qb", "ab|"), ("a\u{1b}[200~b", "ab|"), ("é\u{7f}", "|"), ("\u{1b}[D\u{1b}[C\u{7f}\u{b}x", "x|"),
    ])
    func editing(_ typed: String, _ expected: String) {
        var editor = LineEditor()
        var decoder = KeyDecoder()
        for key in decoder.keys(for: Array(typed.utf8)) { _ = editor.apply(key) }
        #expect(shown(editor) == expected)
    }

    /// The same keys under every split of their bytes.
    @Test func everySplit() {
        let bytes = Array("a日\u{1b}[Db\u{1b}[1;5D\u{1b}[3~é\u{17}".utf8)
        var whole = KeyDecoder()
        let expected = whole.keys(for: bytes)
        for cut in 0...bytes.count {
            var decoder = KeyDecoder()
            let keys = decoder.keys(for: bytes[..<cut]) + decoder.keys(for: bytes[cut...])
            #expect(keys == expected, "cut at \(cut)")
        }
    }

    @Test(arguments: [UInt64(5), 6])
    func anyBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var decoder = KeyDecoder()
        var editor = LineEditor(history: ["one", "two"])
        for _ in 0..<20_000 {
            for key in decoder.keys(for: [UInt8.random(in: 0...255, using: &random)]) { _ = editor.apply(key) }
            #expect((0...editor.text.count).contains(editor.cursor), "seed \(seed)")
        }
    }

    @Test func history() {
        var editor = LineEditor(history: ["one", "two", "three"])
        type("dra", into: &editor)
        #expect(editor.apply(.up) == .changed)
        #expect(shown(editor) == "three|")
        _ = editor.apply(.up)
        _ = editor.apply(.up)
        #expect(editor.apply(.up) == .unchanged)
        #expect(shown(editor) == "one|")
        for _ in 0..<3 { _ = editor.apply(.down) }
        #expect(shown(editor) == "dra|")
        #expect(editor.apply(.down) == .unchanged)
    }

    @Test func search() {
        var editor = LineEditor(history: ["backup list", "node list", "job list"])
        type("backup", into: &editor)
        #expect(editor.apply(.control("r")) == .changed)
        #expect(shown(editor) == "backup list|")
        #expect(editor.apply(.control("r")) == .unchanged)
        var second = LineEditor(history: ["a list", "b list", "c"])
        type("list", into: &second)
        _ = second.apply(.control("r"))
        _ = second.apply(.control("r"))
        #expect(shown(second) == "a list|")
    }

    @Test func ends() {
        var editor = LineEditor()
        #expect(editor.apply(.control("d")) == .ended)
        type("x", into: &editor)
        #expect(editor.apply(.enter) == .submitted("x"))
        #expect(editor.apply(.control("c")) == .abandoned)
        #expect(editor.apply(.control("l")) == .clearScreen)
    }

    @Test func completion() {
        let words = WordCompletion()
        var editor = LineEditor { words.candidates(after: $0, beginning: $1) }
        type("back", into: &editor)
        #expect(editor.apply(.tab) == .changed)
        #expect(shown(editor) == "backup |")
        type("c", into: &editor)
        #expect(editor.apply(.tab) == .candidates(["cancel", "create"]))
        type("r", into: &editor)
        _ = editor.apply(.tab)
        type("shop/live --no", into: &editor)
        #expect(editor.apply(.tab) == .candidates(["--no-color", "--no-wait", "--note"]))
        type("t", into: &editor)
        _ = editor.apply(.tab)
        #expect(shown(editor) == "backup create shop/live --note |")
        #expect(words.candidates(after: [], beginning: "re") == ["repair", "restore", "retention"])
        #expect(words.candidates(after: ["restore", "start"], beginning: "--w") == ["--without-safety"])
        #expect(words.candidates(after: ["nonsense"], beginning: "").isEmpty)
    }

    @Test(arguments: [
        ("service set a/b database --url postgresql://u:p@h/d", false), ("service set a/b database --url=x", false),
        ("login abc", false), ("backup list", true), ("   ", false), (" backup list", false),
        ("service set a/b database --url-stdin", true),
    ])
    func kept(_ line: String, _ expected: Bool) {
        #expect(ShellHistory.isKept(line) == expected)
    }

    @Test func theHistoryKeepsNoSecrets() {
        var history = ShellHistory(path: nil)
        for line in ["backup list", "service set shop/live database --url postgresql://me:sesame@db/shop", "login x"] {
            history.add(line)
        }
        #expect(history.lines == ["backup list"])
    }

    @Test func windowFollowsTheCursor() {
        let text = Array("abcdefghij")
        #expect(LineReader.window(of: text, around: 10, columns: 4) == ("ghij", 4))
        #expect(LineReader.window(of: text, around: 0, columns: 4) == ("abcd", 0))
        #expect(LineReader.window(of: Array("日本語"), around: 3, columns: 4) == ("本語", 4))
    }

    private func type(_ text: String, into editor: inout LineEditor) {
        for character in text { _ = editor.apply(.character(character)) }
    }

    private func shown(_ editor: LineEditor) -> String {
        String(editor.text[..<editor.cursor]) + "|" + String(editor.text[editor.cursor...])
    }
}
