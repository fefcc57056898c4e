import HoldfastArchive
package import HoldfastNode

/// A tree of a `ModelFileSystem` as sorted lines of text, one for each name, sharing nothing with the code that captures
/// and restores trees.
package struct ModelTreeDigest: Hashable, Sendable, CustomStringConvertible {
    package let lines: [String]

    package var description: String { lines.joined(separator: "\n") }

    /// Names that begin with `.holdfast-` in the root are left out, the root's own line if not asked for.
    package init(of path: String, in system: ModelFileSystem, withRoot: Bool = true) throws(CallFailure) {
        lines = try system.perform { state throws(CallFailure) in
            var number = ModelFileState.root
            for component in path.utf8.split(separator: UInt8(ascii: "/")) {
                number = try state.find(Array(component), below: number, ModelUser(user: 0, group: 0))
            }
            var reader = Reader(state: state)
            reader.visit(number, name: [], isRoot: true)
            return withRoot ? reader.lines : Array(reader.lines.dropFirst())
        }.sorted()
    }

    /// What one has and the other hasn't.
    package func differences(from other: ModelTreeDigest) -> [String] {
        let (mine, theirs) = (Set(lines), Set(other.lines))
        return lines.filter { !theirs.contains($0) }.map { "- \($0)" }
            + other.lines.filter { !mine.contains($0) }.map { "+ \($0)" }
    }

    private struct Reader {
        let state: ModelFileState
        var lines: [String] = []
        /// The first name, in order, of each file with several.
        var firsts: [UInt64: String] = [:]

        mutating func visit(_ number: UInt64, name: [UInt8], isRoot: Bool) {
            guard let inode = state.inodes[number] else { return lines.append("\(text(name)) leads nowhere") }
            var line = "\(text(name)) \(inode.kind) mode=\(String(inode.mode, radix: 8))"
            line += " owner=\(inode.owner):\(inode.group) time=\(inode.modified.seconds).\(inode.modified.nanoseconds)"
            for (key, value) in inode.attributes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                line += " \(text(key))=\(text(value))"
            }
            switch inode.kind {
            case .file:
                let bytes = state.contents[inode.body]?.bytes ?? []
                line += " size=\(bytes.count) content=\(hash(bytes))"
                if inode.links > 1 {
                    let first = firsts[number] ?? text(name)
                    firsts[number] = first
                    line += " same-as=\(first)"
                }
            case .symbolicLink: line += " target=\(text(inode.target))"
            case .characterDevice, .blockDevice: line += " device=\(inode.special)"
            default: break
            }
            lines.append(line)
            guard inode.kind == .directory else { return }
            for (child, below) in (state.names[inode.body] ?? [:]).sorted(by: {
                $0.key.lexicographicallyPrecedes($1.key)
            }) where !isRoot || !child.starts(with: ".holdfast-".utf8) {
                visit(below, name: name.isEmpty ? child : name + [47] + child, isRoot: false)
            }
        }

        /// FNV-1a.
        private func hash(_ bytes: [UInt8]) -> String {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return String(hash, radix: 16)
        }

        private func text(_ bytes: [UInt8]) -> String {
            bytes.map { (0x21..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16) }.joined()
        }
    }
}
