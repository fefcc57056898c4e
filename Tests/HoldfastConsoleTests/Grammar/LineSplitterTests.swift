import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct LineSplitterTests {
    @Test(arguments: [
        ("", []), ("   \t ", []), ("a b", ["a", "b"]), ("  a\t b ", ["a", "b"]),
        (#"note "before the sale""#, ["note", "before the sale"]), ("'a \"b' c", ["a \"b", "c"]),
        (#""a \"b\" \\""#, [#"a "b" \"#]), (#"a\ b c"#, ["a b", "c"]), (#"'a\b'"#, [#"a\b"#]), ("'' \"\"", ["", ""]),
        ("a'b c'd", ["ab cd"]), ("--x=\"y z\"", ["--x=y z"]), ("größe 日本", ["größe", "日本"]),
        ("$HOME * `x` ; |", ["$HOME", "*", "`x`", ";", "|"]),
    ])
    func words(_ line: String, _ expected: [String]) throws {
        #expect(try LineSplitter.words(of: line) == expected)
    }

    @Test(arguments: [
        ("a \"b", "quotation"), ("a 'b", "quotation"), ("a\\", "backslash"), ("a\u{0}b", "control"),
        ("a\u{1b}[2J", "control"), ("\"a\tb\"", "control"), ("a\u{85}", "control"),
    ])
    func refusal(_ line: String, _ part: String) {
        let error = #expect(throws: HoldfastError.self) { try LineSplitter.words(of: line) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(part) == true)
    }

    @Test func limits() throws {
        #expect(try LineSplitter.words(of: String(repeating: "a", count: 16 * 1024)).count == 1)
        let long = #expect(throws: HoldfastError.self) {
            try LineSplitter.words(of: String(repeating: "a", count: 16 * 1024 + 1))
        }
        #expect(long?.code == .tooLarge)
        let many = #expect(throws: HoldfastError.self) {
            try LineSplitter.words(of: String(repeating: "a ", count: 257))
        }
        #expect(many?.code == .tooLarge)
    }

    /// Any words, quoted and joined, split into the same words; any characters split or are refused.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func fuzz(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("ab \"'\\\t=-/:é日🎉$\u{301}\u{7f}\n")
        for round in 0..<3000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                })
            _ = try? LineSplitter.words(of: text)
            let words = text.split(separator: "=", omittingEmptySubsequences: false).map {
                String(String.UnicodeScalarView($0.unicodeScalars.filter { $0.properties.generalCategory != .control }))
            }
            let line = words.map(LineSplitter.quoted).joined(separator: " ")
            #expect(try LineSplitter.words(of: line) == words, "seed \(seed), round \(round): \(line)")
        }
    }
}
