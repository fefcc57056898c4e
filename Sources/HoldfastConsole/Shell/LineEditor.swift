/// A line that is being typed: text, cursor, history. Keys in, outcomes out; draws nothing itself.
package struct LineEditor: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The line is to be drawn anew.
        case changed
        case unchanged
        case submitted(String)
        /// Ctrl-C: forget the line.
        case abandoned
        /// Ctrl-D on an empty line.
        case ended
        /// Several words are possible.
        case candidates([String])
        case clearScreen
    }

    /// Longer lines are refused by the grammar anyway.
    private static let limitCharacters = 16 * 1024

    package private(set) var text: [Character] = []
    /// 0 is before the first character.
    package private(set) var cursor = 0

    /// The newest last.
    private let history: [String]
    private let complete: @Sendable (_ wordsBefore: [String], _ beginning: String) -> [String]
    /// Where in the history the line is; `history.count` is the line that is being typed.
    private var position: Int
    private var draft: [Character] = []
    private var killed: [Character] = []
    private var sought: String?

    package init(
        history: [String] = [],
        complete: @escaping @Sendable (_ wordsBefore: [String], _ beginning: String) -> [String] = { _, _ in [] }
    ) {
        self.history = history
        self.complete = complete
        self.position = history.count
    }

    package mutating func apply(_ key: Key) -> Outcome {
        if key != .control("r") { sought = nil }
        switch key {
        case .character(let character): return insert([character])
        case .left, .control("b"): return move(to: cursor - 1)
        case .right, .control("f"): return move(to: cursor + 1)
        case .home, .control("a"): return move(to: 0)
        case .end, .control("e"): return move(to: text.count)
        case .wordLeft: return move(to: wordStart(before: cursor))
        case .wordRight: return move(to: wordEnd(after: cursor))
        case .up, .control("p"): return recall(position - 1)
        case .down, .control("n"): return recall(position + 1)
        case .backspace, .control("h"): return remove(max(0, cursor - 1)..<cursor)
        case .delete: return remove(cursor..<min(text.count, cursor + 1))
        case .control("k"): return kill(cursor..<text.count)
        case .control("u"): return kill(0..<cursor)
        case .control("w"): return kill(wordStart(before: cursor)..<cursor)
        case .control("y"): return insert(killed)
        case .control("r"): return seek()
        case .control("c"): return .abandoned
        case .control("l"): return .clearScreen
        case .control("d"): return text.isEmpty ? .ended : remove(cursor..<min(text.count, cursor + 1))
        case .tab: return completeWord()
        case .enter: return .submitted(String(text))
        case .escape, .control: return .unchanged
        }
    }

    private mutating func insert(_ characters: [Character]) -> Outcome {
        guard !characters.isEmpty, text.count + characters.count <= Self.limitCharacters else { return .unchanged }
        text.insert(contentsOf: characters, at: cursor)
        cursor += characters.count
        return .changed
    }

    private mutating func move(to place: Int) -> Outcome {
        guard (0...text.count).contains(place), place != cursor else { return .unchanged }
        cursor = place
        return .changed
    }

    private mutating func remove(_ range: Range<Int>) -> Outcome {
        guard !range.isEmpty else { return .unchanged }
        text.removeSubrange(range)
        cursor = range.lowerBound
        return .changed
    }

    private mutating func kill(_ range: Range<Int>) -> Outcome {
        if !range.isEmpty { killed = Array(text[range]) }
        return remove(range)
    }

    private mutating func replace(with line: some Sequence<Character>) -> Outcome {
        text = Array(line)
        cursor = text.count
        return .changed
    }

    private mutating func recall(_ place: Int) -> Outcome {
        guard (0...history.count).contains(place), place != position else { return .unchanged }
        if position == history.count { draft = text }
        position = place
        return replace(with: place == history.count ? draft : Array(history[place]))
    }

    /// The newest line of the history that has what was typed; once more, the one before it.
    private mutating func seek() -> Outcome {
        let wanted = sought ?? String(text)
        sought = wanted
        guard let found = history[..<position].lastIndex(where: { wanted.isEmpty || $0.contains(wanted) }) else {
            return .unchanged
        }
        return recall(found)
    }

    private mutating func completeWord() -> Outcome {
        let start = text[..<cursor].lastIndex(of: " ").map { $0 + 1 } ?? 0
        let before = String(text[..<start]).split(separator: " ").map(String.init)
        let beginning = String(text[start..<cursor])
        let candidates = complete(before, beginning)
        guard let first = candidates.first else { return .unchanged }
        if candidates.count == 1 { return insert(Array(first.dropFirst(beginning.count)) + [" "]) }
        let common = candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        guard common.count > beginning.count else { return .candidates(candidates) }
        return insert(Array(common.dropFirst(beginning.count)))
    }

    private func wordStart(before place: Int) -> Int {
        var start = place
        while start > 0, text[start - 1] == " " { start -= 1 }
        while start > 0, text[start - 1] != " " { start -= 1 }
        return start
    }

    private func wordEnd(after place: Int) -> Int {
        var end = place
        while end < text.count, text[end] == " " { end += 1 }
        while end < text.count, text[end] != " " { end += 1 }
        return end
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
