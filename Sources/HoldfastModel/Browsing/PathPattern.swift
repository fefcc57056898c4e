/// A pattern that paths of media are compared with: `logo.png`, `*.jpg`, `/products/2026/**`.
///
/// One without a slash is compared with names, whatever directory they are in; any other with paths from the media's root.
/// `*` stands for any characters of a name, `?` for one of them, `**` for anything, slashes too. In front of one of these, a
/// backslash makes it stand for itself; otherwise it escapes as in lists of files: `\\`, `\t`, `\n`, `\xNN`.
///
/// A comparison takes time by the path's length times the pattern's, whatever stands in them.
package struct PathPattern: Hashable, Sendable {
    package static let byteLimit = 512

    private enum Token: Hashable, Sendable {
        case byte(UInt8)
        /// One character: a byte, and whatever bytes of UTF-8 continue it.
        case one
        /// Any bytes but slashes.
        case name
        /// Any bytes.
        case all
        /// Nothing, or directories with a slash behind them. Always followed by `directory`.
        case directories
        /// The rest of a directory, up to a slash.
        case directory
    }

    private let tokens: [Token]
    /// Compared with the last component alone.
    package let isName: Bool

    /// - Throws: `invalidArgument`, `tooLarge`.
    package init(_ text: String) throws(HoldfastError) {
        guard text.utf8.count <= Self.byteLimit else {
            throw HoldfastError(.tooLarge, "A pattern has at most \(Self.byteLimit) bytes")
        }
        var tokens = try Self.tokens(of: Array(text.utf8)[...], text)
        isName = !tokens.contains(.byte(UInt8(ascii: "/"))) && !tokens.contains(.directories)
        while tokens.first == .byte(UInt8(ascii: "/")) { tokens.removeFirst() }
        while tokens.last == .byte(UInt8(ascii: "/")) { tokens.removeLast() }
        guard !tokens.isEmpty else {
            throw HoldfastError(.invalidArgument, "Say what to look for: a name, a path, or a pattern such as *.jpg")
        }
        self.tokens = tokens
    }

    private static func tokens(of bytes: ArraySlice<UInt8>, _ text: String) throws(HoldfastError) -> [Token] {
        var (rest, tokens): (ArraySlice<UInt8>, [Token]) = (bytes, [])
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "?"): tokens.append(.one)
            case UInt8(ascii: "*"):
                guard rest.first == byte else {
                    tokens.append(.name)
                    continue
                }
                let isAtStart = tokens.isEmpty || tokens.last == .byte(UInt8(ascii: "/")) || tokens.last == .directory
                rest = rest.drop { $0 == byte }
                if isAtStart, rest.first == UInt8(ascii: "/") {
                    rest.removeFirst()
                    tokens += [.directories, .directory]
                } else {
                    tokens.append(.all)
                }
            case UInt8(ascii: "\\"):
                guard let escaped = escaped(&rest) else {
                    throw HoldfastError(
                        .invalidArgument,
                        "\(text.printable(limit: 200)) is no pattern: a backslash itself is written \\\\")
                }
                tokens.append(.byte(escaped))
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private static func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        switch rest.popFirst() {
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "n"): return UInt8(ascii: "\n")
        case UInt8(ascii: "x"):
            guard rest.count >= 2 else { return nil }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            rest = rest.dropFirst(2)
            return digits.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit } ? UInt8(digits, radix: 16) : nil
        case let byte? where "\\*?".utf8.contains(byte): return byte
        default: return nil
        }
    }

    /// Whether there is one path or name that it stands for.
    package var isLiteral: Bool { tokens.allSatisfy { if case .byte = $0 { true } else { false } } }

    /// Every path that it stands for begins so. Empty where nothing can be told.
    package var prefix: [UInt8] {
        guard !isName else { return [] }
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { break }
            bytes.append(byte)
        }
        return bytes
    }

    /// - Parameter path: from the media's root, without a slash before it.
    package func matches(_ path: [UInt8]) -> Bool {
        guard isName else { return run(path[...]) }
        return run(path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
    }

    /// Goes along all ways through the tokens at once: none is gone back on.
    private func run(_ bytes: ArraySlice<UInt8>) -> Bool {
        var states = [Bool](repeating: false, count: tokens.count + 1)
        var next = states
        reach(0, &states)
        for byte in bytes {
            for index in next.indices { next[index] = false }
            var isAny = false
            for index in states.indices where states[index] {
                isAny = step(from: index, byte, &next) || isAny
            }
            guard isAny else { return false }
            swap(&states, &next)
        }
        return states[tokens.count]
    }

    /// Whether the byte leads anywhere from a state.
    private func step(from index: Int, _ byte: UInt8, _ next: inout [Bool]) -> Bool {
        // The rest of a character that has been taken.
        let isContinued = byte & 0xc0 == 0x80 && index > 0 && tokens[index - 1] == .one
        if isContinued { reach(index, &next) }
        guard index < tokens.count else { return isContinued }
        let isSlash = byte == UInt8(ascii: "/")
        switch tokens[index] {
        case .byte(let wanted):
            guard byte == wanted else { return isContinued }
            reach(index + 1, &next)
        case .one:
            guard !isSlash, !isContinued else { return isContinued }
            reach(index + 1, &next)
        case .name:
            guard !isSlash else { return isContinued }
            reach(index, &next)
        case .all: reach(index, &next)
        case .directories:
            guard !isSlash else { return isContinued }
            reach(index + 1, &next)
        case .directory:
            reach(index, &next)
            if isSlash { reach(index + 1, &next) }
        }
        return true
    }

    /// A state, and those behind it that need no byte.
    private func reach(_ first: Int, _ states: inout [Bool]) {
        var index = first
        while !states[index] {
            states[index] = true
            guard index < tokens.count else { return }
            switch tokens[index] {
            case .name, .all: index += 1
            case .directories: index += 2
            case .byte, .one, .directory: return
            }
        }
    }
}
