import HoldfastModel
import Testing

@Suite struct PathPatternTests {
    static let table: [(pattern: String, yes: [String], no: [String])] = [
        ("logo.png", ["logo.png", "a/logo.png", "a/b/logo.png"], ["logo.png/x", "xlogo.png", "logo.pn"]),
        ("/logo.png", ["logo.png"], ["a/logo.png"]),
        ("a/logo.png", ["a/logo.png"], ["b/a/logo.png", "a/logo.png/x"]),
        ("a/", ["a"], ["b/a", "a/b"]),
        ("*.jpg", ["x.jpg", "a/.jpg", "a/b/c.jpg"], ["x.jpeg", "x.jpg/y"]),
        ("a/*.jpg", ["a/x.jpg", "a/.jpg"], ["a/b/x.jpg", "x.jpg"]),
        ("a/**", ["a/x", "a/b/c", "a/"], ["a", "ab/c"]),
        ("**/x", ["x", "a/x", "a/b/x"], ["ax", "a/bx", "x/a"]),
        ("a/**/x", ["a/x", "a/b/x", "a/b/c/x"], ["x", "a/bx", "ab/x", "a/x/y"]),
        ("a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c/c"], ["a/c", "a/b", "a/xb/c"]),
        ("**/**/x", ["x", "a/x", "a/b/x"], ["ax"]),
        ("**.jpg", ["x.jpg", "a/x.jpg"], ["x.png"]),
        ("/**.jpg", ["x.jpg", "a/x.jpg"], ["x.png"]),
        ("?", ["x", "a/ä", "a/b/😀"], ["xy", "a/äö"]),
        ("a?c", ["abc", "x/a€c"], ["ac", "abbc", "a/c"]),
        ("??", ["äö", "ab"], ["ä", "abc"]),
        ("*ä?", ["xäy", "äö", "ääö"], ["ä"]),
        ("a\\*b", ["a*b"], ["axb"]),
        ("a\\?b", ["a?b"], ["axb"]),
        ("a\\\\b", ["a\\b"], ["a\\\\b"]),
        ("\\x61", ["a"], ["b"]),
        ("a\\nb", ["a\nb"], ["anb"]),
        ("*", ["x", "a/b", ""], []),
        ("a*b*c", ["abc", "axbxc", "abcbc"], ["ab", "acb"]),
    ]

    @Test(arguments: table.indices) func matches(_ index: Int) throws {
        let row = Self.table[index]
        let pattern = try PathPattern(row.pattern)
        for path in row.yes { #expect(pattern.matches(Array(path.utf8)), "\(row.pattern) is \(path)") }
        for path in row.no { #expect(!pattern.matches(Array(path.utf8)), "\(row.pattern) is no \(path)") }
        // Whatever it finds begins with what is read first.
        for path in row.yes where !pattern.isName { #expect(Array(path.utf8).starts(with: pattern.prefix), "\(path)") }
    }

    @Test func bytesThatAreNoText() throws {
        let (byte, one, behind) = (try PathPattern("a\\xff"), try PathPattern("?"), try PathPattern("a?"))
        #expect(byte.matches([0x61, 0xff]) && behind.matches([0x61, 0xff]))
        #expect(one.matches([0x80]) && !one.matches([0x61, 0x61]))
    }

    @Test func whatIsNoPattern() {
        for text in ["", "/", "///", "\\", "a\\", "a\\q", "\\x", "\\x6", "\\xzz", "\\x+1"] {
            let error = #expect(throws: HoldfastError.self, "\(text)") { try PathPattern(text) }
            #expect(error?.code == .invalidArgument, "\(text)")
        }
        let long = #expect(throws: HoldfastError.self) { try PathPattern(String(repeating: "a", count: 513)) }
        #expect(long?.code == .tooLarge)
        #expect(throws: Never.self) { try PathPattern(String(repeating: "a", count: 512)) }
    }

    @Test(arguments: [
        ("a/b", true, "a/b"), ("b", true, ""), ("/b", true, "b"), ("a/*", false, "a/"), ("a\\*/b*", false, "a*/b"),
    ])
    func literalsAndTheirPrefix(text: String, isLiteral: Bool, prefix: String) throws {
        let pattern = try PathPattern(text)
        #expect(pattern.isLiteral == isLiteral)
        #expect(pattern.prefix == Array(prefix.utf8))
    }

    /// Where another would try one way after the other, and never end.
    @Test(.timeLimit(.minutes(1))) func hostilePatternsTakeTheirTime() throws {
        let path = [UInt8](repeating: 0x61, count: 8192)
        for pattern in [
            String(repeating: "*a", count: 255) + "b", "/" + String(repeating: "**a", count: 170) + "b",
            String(repeating: "**/", count: 170) + "b", String(repeating: "?*", count: 255) + "b",
        ] {
            let pattern = try PathPattern(pattern)
            #expect(!pattern.matches(path))
        }
    }

    /// Every short pattern of these characters, against every short path, as somebody would say it who tries all ways.
    @Test func asAPersonWouldTryIt() throws {
        func all(_ letters: [String], upTo length: Int) -> [String] {
            var (found, last) = ([""], [""])
            for _ in 0..<length {
                last = last.flatMap { text in letters.map { text + $0 } }
                found += last
            }
            return found
        }
        let paths = all(["a", "b", "/"], upTo: 5).filter {
            !$0.isEmpty && !$0.hasPrefix("/") && !$0.hasSuffix("/") && !$0.contains("//")
        }
        for text in all(["a", "*", "?", "/"], upTo: 5) where !text.contains("***") && !text.contains("//") {
            guard let pattern = try? PathPattern("/" + text), !text.hasPrefix("/"), !text.hasSuffix("/") else {
                continue
            }
            for path in paths {
                #expect(
                    pattern.matches(Array(path.utf8)) == Self.tries(text[...], path[...], isAtStart: true),
                    "\(text) and \(path)")
            }
        }
    }

    private static func tries(_ pattern: Substring, _ path: Substring, isAtStart: Bool) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if isAtStart, pattern.hasPrefix("**/") {
            let rest = pattern.dropFirst(3)
            if tries(rest, path, isAtStart: true) { return true }
            return path.indices.contains {
                path[$0] == "/" && tries(rest, path[path.index(after: $0)...], isAtStart: true)
            }
        }
        if pattern.hasPrefix("**") {
            return (0...path.count).contains { tries(pattern.dropFirst(2), path.dropFirst($0), isAtStart: false) }
        }
        if first == "*" {
            let name = path.prefix { $0 != "/" }.count
            return (0...name).contains { tries(pattern.dropFirst(), path.dropFirst($0), isAtStart: false) }
        }
        guard let letter = path.first, first == letter || first == "?" && letter != "/" else { return false }
        return tries(pattern.dropFirst(), path.dropFirst(), isAtStart: first == "/")
    }
}
