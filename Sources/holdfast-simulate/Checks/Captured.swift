import HoldfastModel

/// What a complete backup may contain of a service, by what that contained while it was made.
struct Captured {
    /// In order; the first is what there was when the backup began.
    var versions: [Content]
    /// A restore brought other content meanwhile, of one service perhaps: what is there then was never one instant.
    var wasExchanged = false

    /// A database is captured as it was at one instant. Of a tree each entry is as it was at some time, and what was there
    /// all the time is there.
    func allows(_ content: Content, _ kind: ServiceKind) -> Bool {
        if versions.contains(content) { return true }
        guard kind == .media else { return false }
        let found = Set(Self.lines(content))
        let all = versions.map { Set(Self.lines($0)) }
        guard found.isSubset(of: all.reduce([]) { $0.union($1) }) else { return false }
        let names = Set(found.map(Self.name))
        // One entry for each name.
        guard names.count == found.count, let first = all.first.map({ Set($0.map(Self.name)) }) else { return false }
        return all.reduce(first) { $0.intersection($1.map(Self.name)) }.isSubset(of: names)
    }

    /// Whether a file that a row of the backup names has to be in the backup's tree. One that was both made and removed
    /// while the backup was made may fall between its two walks.
    func insists(on file: String) -> Bool {
        guard !wasExchanged else { return false }
        return [versions.first, versions.last].contains { version in
            version.map { Self.lines($0).contains { Self.name($0) == file } } ?? false
        }
    }

    /// Of a tree as it was when the backup began.
    var files: [String] {
        (versions.first.map(Self.lines) ?? []).filter { $0.contains(" file ") }.map { String(Self.name($0)) }
    }

    static func has(_ file: String, _ content: Content) -> Bool { lines(content).contains { name($0) == file } }

    private static func lines(_ content: Content) -> [Substring] { content.split(separator: "\n") }
    private static func name(_ line: Substring) -> Substring { line.prefix { $0 != " " } }
}
