import HoldfastModel

/// The text of `MANIFEST`, the list of a tar's contents: a line for each entry, fields between tabs.
package enum TarListing {
    /// What the list is called; a tree that has such a name itself makes it take the next.
    package static let names = ["MANIFEST", "MANIFEST.holdfast"] + (2...64).map { "MANIFEST.holdfast.\($0)" }

    /// The first lines. Every line that begins with `#` is for people.
    package static func head(_ subject: String) -> [UInt8] {
        Array(
            """
            # Holdfast media archive, list of contents, version 1
            # \(subject.printable(limit: 300))
            # kind<TAB>size<TAB>modified (UTC)<TAB>SHA-256<TAB>path[<TAB>target of a link]
            # \\\\ is a backslash, \\t a tab, \\n a line end, \\xNN any other byte. Sockets are listed, and in no archive.

            """.utf8)
    }

    /// The line of an entry; nil for the root and earlier versions.
    ///
    /// - Parameter hash: of a file's content.
    package static func line(_ entry: MediaEntry, hash: [UInt8]?) -> [UInt8]? {
        guard !entry.path.isEmpty, !entry.flags.contains(.earlier) else { return nil }
        var (size, target): (UInt64, [UInt8]?) = (0, nil)
        let kind: String
        switch entry.kind {
        case .directory: kind = "directory"
        case .file(let bytes, _, _): (kind, size) = ("file", bytes)
        case .symbolicLink(let to): (kind, target) = ("symlink", to)
        case .hardLink(let first): (kind, target) = ("hardlink", first)
        case .fifo: kind = "fifo"
        case .socket: kind = "socket"
        case .characterDevice: kind = "character-device"
        case .blockDevice: kind = "block-device"
        }
        let fields = [kind, "\(size)", time(entry.modified), hash?.hexadecimal ?? "-", EscapedPath.text(entry.path)]
        let line = (fields + (target.map { [EscapedPath.text($0)] } ?? [])).joined(separator: "\t")
        return Array((line + "\n").utf8)
    }

    /// `2026-11-22T21:30:05.25Z`; beyond four-digit years, `@` and seconds since 1970.
    static func time(_ time: FileTime) -> String {
        guard (0..<253_402_300_800).contains(time.seconds) else { return "@" + TarHeader.decimal(time) }
        let whole = Timestamp(milliseconds: time.seconds * 1000).description.dropLast(5)
        let fraction = TarHeader.decimal(FileTime(seconds: 0, nanoseconds: time.nanoseconds)).dropFirst()
        return "\(whole)\(fraction)Z"
    }
}
