import Glibc
import HoldfastModel

/// Directories that Holdfast keeps its own things in. Told by device and inode, so that neither another name nor a mount of
/// one, or of what lies above it, leads into one; and by their place in the file system, as nothing above a mount of a
/// directory *below* one tells where it comes from.
struct OwnDirectories: Sendable {
    let paths: [String]

    /// The one of them that the tree lies in or that lies in the tree; nil where there is none.
    func conflict(with tree: MediaHandle, calls: any FileCalls) throws(CallFailure) -> String? {
        let above = try Self.chain(from: tree)
        guard let root = above.first else { return nil }
        let place = calls.place(of: tree.number)
        for path in paths {
            guard let directory = try Self.open(path, calls) else { continue }
            let chain = try Self.chain(from: directory)
            guard let own = chain.first else { continue }
            let overlaps = place.flatMap { place in calls.place(of: directory.number)?.overlaps(place) } ?? false
            if above.contains(own) || chain.contains(root) || overlaps { return path.printable(limit: 300) }
        }
        return nil
    }

    /// Nil where there is none: it is in nobody's way. Any other doubt is for the safe side.
    private static func open(_ path: String, _ calls: any FileCalls) throws(CallFailure) -> MediaHandle? {
        do {
            return MediaHandle(owning: try calls.openConfiguredDirectory(Array(path.utf8)), calls: calls)
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// The directory and all above it, across mounts.
    private static func chain(from directory: MediaHandle) throws(CallFailure) -> [FileIdentity] {
        var (handle, chain) = (directory, [try directory.status().identity])
        while true {
            handle = try handle.parent()
            let identity = try handle.status().identity
            if identity == chain.last { return chain }
            chain.append(identity)
        }
    }
}
