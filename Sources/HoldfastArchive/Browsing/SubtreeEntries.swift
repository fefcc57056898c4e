package import HoldfastModel

/// The entries of one file or directory of a media tree, in the manifest's order, with paths that begin with its last name;
/// of the whole tree, as they are.
///
/// A second name of a file whose first lies outside becomes a file of its own.
package struct SubtreeEntries<Source: ObjectSource>: Sendable {
    /// For each, the manifest is read again from its beginning.
    private static var outsideLimit: Int { 64 }

    private let manifest: ManifestReader<Source>
    private let top: [UInt8]
    private var entries: MediaManifestReader<Source>
    private var outside = 0
    private var isOver = false

    /// - Parameter place: of the entry at `top`, or of one below.
    package init(
        at top: [UInt8], in manifest: ManifestReader<Source>, from place: ManifestPosition
    ) throws(HoldfastError) {
        self.manifest = manifest
        self.top = top
        entries = try manifest.media(from: place)
    }

    /// Where the next entry begins.
    package var place: ManifestPosition { entries.place }

    /// Nil after the last. Earlier versions are left out.
    ///
    /// - Throws: `tooLarge` where too many second names have their first outside.
    package mutating func next() async throws -> MediaEntry? {
        while !isOver {
            try Task.checkCancellation()
            guard let entry = try await entries.next(), isInside(entry.path) else {
                isOver = true
                return nil
            }
            if !entry.flags.contains(.earlier) { return try await cut(entry) }
        }
        return nil
    }

    private func isInside(_ path: [UInt8]) -> Bool {
        top.isEmpty || path == top
            || path.count > top.count && path[top.count] == UInt8(ascii: "/") && path.starts(with: top)
    }

    private mutating func cut(_ entry: MediaEntry) async throws -> MediaEntry {
        let start = (top.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
        var entry = entry
        if case .hardLink(let first) = entry.kind {
            if isInside(first) {
                entry.kind = .hardLink(first: Array(first.dropFirst(start)))
            } else {
                let found = try await file(first)
                (entry.kind, entry.attributes) = (found.kind, found.attributes)
            }
        }
        entry.path = Array(entry.path.dropFirst(start))
        return entry
    }

    private mutating func file(_ path: [UInt8]) async throws -> MediaEntry {
        outside += 1
        guard outside <= Self.outsideLimit else {
            throw HoldfastError(
                .tooLarge,
                """
                \(String.printable(path: top)) has over \(Self.outsideLimit) names of files that lie outside of it: take a \
                directory that holds both, or all of the media
                """)
        }
        var entries = try manifest.media()
        while let entry = try await entries.next(), !MediaOrder.precedes(path, entry.path) {
            try Task.checkCancellation()
            if entry.path == path, !entry.flags.contains(.earlier), case .file = entry.kind { return entry }
        }
        throw HoldfastError(.corrupt, "The manifest \(manifest.name) is damaged: it lacks a file that it names.")
    }
}
