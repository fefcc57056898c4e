import HoldfastArchive
import HoldfastModel

/// Where something of a media tree stands in a manifest, and the directories that it lies in.
struct FoundSubtree {
    let path: [UInt8]
    let place: ManifestPosition
    /// From the outermost on, without the root.
    let directories: [MediaEntry]

    /// - Throws: `notFound`; `invalidArgument` for the root.
    init(_ path: [UInt8], in manifest: ManifestReader<ObjectRouter>) async throws {
        guard !path.isEmpty else {
            throw HoldfastError(.invalidArgument, "All of the media is restored with `holdfast restore start`")
        }
        var directories: [MediaEntry] = []
        var entries = try manifest.media()
        while true {
            let place = entries.place
            guard let entry = try await entries.next(), !MediaOrder.precedes(path, entry.path) else {
                throw HoldfastError(
                    .notFound,
                    "The backup has no file \(String.printable(path: path)); its path begins below the media's root")
            }
            try Task.checkCancellation()
            guard !entry.flags.contains(.earlier), !entry.path.isEmpty else { continue }
            if entry.path == path {
                (self.path, self.place, self.directories) = (path, place, directories)
                return
            }
            if case .directory = entry.kind, path.starts(with: entry.path + [UInt8(ascii: "/")]) {
                directories.append(entry)
            }
        }
    }
}

/// The entries of a subtree as a tree of its own, in which they stand under the names that are missing on the way to their
/// place.
final class MovedEntries: EntrySource {
    private var before: [MediaEntry]
    private var entries: SubtreeEntries<ObjectRouter>
    private let top: [UInt8]
    private let topCount: Int

    init(_ subtree: FoundSubtree, in manifest: ManifestReader<ObjectRouter>, on way: WayToPlace) throws {
        let start = way.parent.isEmpty ? 0 : way.parent.count + 1
        // The staged tree's root is nothing's.
        let root = MediaEntry(
            path: [], kind: .directory, mode: 0o700, owner: 0, group: 0,
            modified: FileTime(seconds: 0, nanoseconds: 0), changed: FileTime(seconds: 0, nanoseconds: 0), device: 0,
            inode: 0)
        before = [root]
        if way.missing.count > 1 {
            before += subtree.directories.suffix(way.missing.count - 1).map { entry in
                var entry = entry
                entry.path = Array(entry.path.dropFirst(start))
                return entry
            }
        }
        entries = try SubtreeEntries(at: subtree.path, in: manifest, from: subtree.place)
        top = Array(way.missing.joined(separator: [UInt8(ascii: "/")]))
        topCount = subtree.path.count - ((subtree.path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)
    }

    func next() async throws -> MediaEntry? {
        if !before.isEmpty { return before.removeFirst() }
        guard var entry = try await entries.next() else { return nil }
        entry.path = moved(entry.path)
        if case .hardLink(let first) = entry.kind { entry.kind = .hardLink(first: moved(first)) }
        return entry
    }

    private func moved(_ path: [UInt8]) -> [UInt8] { top + path.dropFirst(topCount) }
}
