package import HoldfastArchive
package import HoldfastModel

/// A tree of files that can be captured. The seam between what decides and the file system.
package protocol MediaTree: Sendable {
    /// Starts at the root. Several walks of one tree don't disturb each other.
    func walk() throws -> any MediaWalk
}

/// One pass over a tree. Used by one task at a time.
package protocol MediaWalk: AnyObject {
    /// The next entries in `MediaOrder`, the root first, at most `max` of them; none at the end. Content isn't read: files
    /// come without extents and chunks.
    ///
    /// What vanishes, can't be read or lies on another file system is a warning, not an error.
    func next(max: Int) throws -> [WalkedEntry]

    /// Reads a file's content once, in order, and hands out what is no hole.
    func read(_ entry: WalkedEntry, into body: (UnsafeRawBufferPointer) async throws -> Void) async throws
        -> MediaReading

    /// Of all that was walked so far.
    var warnings: Warnings { get }
}

/// An entry as a walk found it.
package struct WalkedEntry: Sendable {
    package var entry: MediaEntry
    /// Names the file has, inside the tree or not.
    package var links: UInt32
    /// Whether less than the file's size is stored, so that there may be holes.
    package var isSparse: Bool
    /// The directory it stands in; nil for the root and in trees that are models.
    let directory: MediaHandle?

    package init(entry: MediaEntry, links: UInt32 = 1, isSparse: Bool = false) {
        self.init(entry: entry, links: links, isSparse: isSparse, directory: nil)
    }

    init(entry: MediaEntry, links: UInt32, isSparse: Bool, directory: MediaHandle?) {
        self.entry = entry
        self.links = links
        self.isSparse = isSparse
        self.directory = directory
    }

    var name: [UInt8] {
        guard let slash = entry.path.lastIndex(of: UInt8(ascii: "/")) else { return entry.path }
        return Array(entry.path[(slash + 1)...])
    }
}

/// How the reading of a file went. The entries hold the file's metadata as it was after reading and the extents that were
/// handed out; chunks are for the reader to fill in.
package enum MediaReading: Sendable {
    case settled(MediaEntry)
    /// The file changed while it was read: the bytes may be of no single instant.
    case changed(MediaEntry)
    case vanished
    /// The reason, for people.
    case unreadable(String)
}
