import Crypto
package import HoldfastModel

/// What a pattern finds in a media tree, in the manifest's order: some of it, from a path on.
///
/// Only the manifest is read, one entry at a time, and no further than the pattern can reach.
package struct FileSearch: Sendable {
    /// Of paths and targets: a search ends early rather than become larger.
    package static let byteLimit = 256 << 10

    package private(set) var files: [FoundFile] = []
    /// There are more behind the last.
    package private(set) var isCut = false

    /// - Parameter path: those behind it are looked for; nil for all.
    package init(
        _ pattern: PathPattern, in manifest: ManifestReader<some ObjectSource>, after path: [UInt8]?, limit: Int
    ) async throws {
        var entries = try manifest.media()
        let prefix = pattern.prefix
        var bytes = 0
        while let entry = try await entries.next() {
            try Task.checkCancellation()
            if !entry.path.starts(with: prefix) {
                if MediaOrder.precedes(prefix, entry.path) { return }
                continue
            }
            guard !entry.path.isEmpty, !entry.flags.contains(.earlier), pattern.matches(entry.path),
                path.map({ MediaOrder.precedes($0, entry.path) }) ?? true
            else { continue }
            guard files.count < limit, bytes < Self.byteLimit else {
                isCut = true
                return
            }
            let file = FoundFile(entry)
            bytes += file.path.utf8.count + (file.target?.utf8.count ?? 0)
            files.append(file)
        }
    }
}

extension FoundFile {
    init(_ entry: MediaEntry) {
        let file = BackupFile(entry, below: 0)
        self.init(
            path: file.name, kind: file.kind, bytes: file.bytes, modifiedAt: file.modifiedAt, target: file.target,
            content: entry.contentDigest?.hexadecimal)
    }
}

extension MediaEntry {
    /// Of a file: alike where size, holes and chunks are. The names of chunks are keyed, so it says nothing to strangers.
    var contentDigest: [UInt8]? {
        guard case .file(let size, let extents, let chunks) = kind else { return nil }
        var writer = ByteWriter()
        writer.integer(size)
        for extent in extents {
            writer.integer(extent.offset)
            writer.integer(extent.length)
        }
        var hasher = SHA256()
        hasher.update(data: writer.bytes)
        hasher.update(data: ChunkReference.bytes(of: chunks))
        return Array(hasher.finalize().prefix(16))
    }
}
