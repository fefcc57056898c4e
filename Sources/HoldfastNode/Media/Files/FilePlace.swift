/// Where a directory lies in its own file system, whatever is mounted where: a bind mount gives it another path, and other
/// directories above it, but the same place.
package struct FilePlace: Equatable, Sendable {
    /// The file system, as `major:minor`.
    package let fileSystem: String
    /// Components from the file system's own root.
    package let path: [String]

    package init(fileSystem: String, path: [String]) {
        self.fileSystem = fileSystem
        self.path = path
    }

    /// - Parameters:
    ///   - mount: the number of the mount by which the directory was opened.
    ///   - path: of the directory, as this process sees it.
    ///   - table: the text of `/proc/self/mountinfo`, see proc_pid_mountinfo(5).
    /// - Returns: nil where the table has no such mount or the path does not lie in it.
    init?(mount: String, path: String, table: String) {
        for line in table.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count == 6, fields[0].elementsEqual(mount.utf8) else { continue }
            let point = Self.components(Self.unescaped(fields[4]))
            let seen = Self.components(path)
            guard seen.starts(with: point) else { return nil }
            fileSystem = String(decoding: fields[2], as: UTF8.self)
            self.path = Self.components(Self.unescaped(fields[3])) + seen.dropFirst(point.count)
            return
        }
        return nil
    }

    /// Whether one of the two lies in the other, or both are the same.
    func overlaps(_ other: FilePlace) -> Bool {
        fileSystem == other.fileSystem && (path.starts(with: other.path) || other.path.starts(with: path))
    }

    private static func components(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

    /// Space, tab, line break and backslash stand in the table as `\` and three octal digits.
    private static func unescaped(_ field: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
