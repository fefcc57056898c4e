import CLinux
import Glibc

/// A tree as sorted lines of text, one for each name: by plain recursion over paths, sharing nothing with the code that
/// captures and restores trees.
package struct MediaTreeDigest: Equatable, CustomStringConvertible {
    package let lines: [String]

    package var description: String { lines.joined(separator: "\n") }

    /// Names that begin with `.holdfast-` in the root are left out, the root's own line if not asked for.
    package init(of path: String, withRoot: Bool = true, owners: Bool = true) {
        var reader = Reader(owners: owners)
        reader.visit(Array(path.utf8), name: [], isRoot: true)
        lines = (withRoot ? reader.lines : Array(reader.lines.dropFirst())).sorted()
    }

    /// What one has and the other hasn't.
    package func differences(from other: MediaTreeDigest) -> [String] {
        let (mine, theirs) = (Set(lines), Set(other.lines))
        return lines.filter { !theirs.contains($0) }.map { "- \($0)" }
            + other.lines.filter { !mine.contains($0) }.map { "+ \($0)" }
    }

    private struct Reader {
        let owners: Bool
        var lines: [String] = []
        /// The first name, in order, of each file with several.
        var firsts: [UInt64: String] = [:]

        mutating func visit(_ path: [UInt8], name: [UInt8], isRoot: Bool) {
            var status = stat()
            guard path.withPath({ lstat($0, &status) }) == 0 else { return lines.append("\(text(name)) gone") }
            var line = "\(text(name)) mode=\(String(status.st_mode, radix: 8))"
            if owners { line += " owner=\(status.st_uid):\(status.st_gid)" }
            line += " time=\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            for (key, value) in attributes(path) { line += " \(key)=\(text(value))" }
            switch status.st_mode & 0o170000 {
            case 0o100000:
                line += " size=\(status.st_size) content=\(content(path))"
                if status.st_nlink > 1 {
                    let first = firsts[UInt64(status.st_ino)] ?? text(name)
                    firsts[UInt64(status.st_ino)] = first
                    line += " same-as=\(first)"
                }
            case 0o120000:
                var target = [UInt8](repeating: 0, count: 4096)
                let count = path.withPath { readlink($0, &target, target.count) }
                line += " target=\(text(Array(target.prefix(max(0, count)))))"
            case 0o020000, 0o060000: line += " device=\(status.st_rdev)"
            default: break
            }
            lines.append(line)
            guard status.st_mode & 0o170000 == 0o040000, let directory = path.withPath({ opendir($0) }) else { return }
            var names: [[UInt8]] = []
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                if name == Array(".".utf8) || name == Array("..".utf8) { continue }
                if isRoot && name.starts(with: ".holdfast-".utf8) { continue }
                names.append(name)
            }
            closedir(directory)
            for child in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                visit(path + [47] + child, name: name.isEmpty ? child : name + [47] + child, isRoot: false)
            }
        }

        private func attributes(_ path: [UInt8]) -> [(String, [UInt8])] {
            path.withParent { parent, name in
                var list = [UInt8](repeating: 0, count: 4096)
                let count = linux_list_attributes(parent, name, &list, list.count)
                return list.prefix(max(0, count)).split(separator: 0).map { key in
                    var value = [UInt8](repeating: 0, count: 4096)
                    let count = Array(key).withPath { linux_get_attribute(parent, name, $0, &value, value.count) }
                    return (String(decoding: key, as: UTF8.self), Array(value.prefix(max(0, count))))
                }.sorted { $0.0 < $1.0 }
            }
        }

        /// FNV-1a of the content, or why it can't be read.
        private func content(_ path: [UInt8]) -> String {
            let file = path.withPath { open($0, O_RDONLY) }
            guard file >= 0 else { return "unreadable" }
            defer { close(file) }
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = Glibc.read(file, &buffer, buffer.count)
                guard count > 0 else { break }
                for index in 0..<count { hash = (hash ^ UInt64(buffer[index])) &* 0x100_0000_01b3 }
            }
            return String(hash, radix: 16)
        }

        private func text(_ bytes: [UInt8]) -> String {
            bytes.map { (0x21..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16) }.joined()
        }
    }
}

extension [UInt8] {
    /// The bytes as a C path.
    package func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (self + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { preconditionFailure("never empty") }
                return body(start)
            }
        }
    }
}

extension [UInt8] {
    /// The open parent directory of a path, and its last component.
    package func withParent<Result>(_ body: (Int32, UnsafePointer<CChar>) -> Result) -> Result {
        guard let slash = lastIndex(of: UInt8(ascii: "/")) else { preconditionFailure("an absolute path") }
        let parent = Array(self[..<slash]).withPath { open($0, O_RDONLY | O_DIRECTORY) }
        defer { close(parent) }
        return Array(self[(slash + 1)...]).withPath { body(parent, $0) }
    }
}
