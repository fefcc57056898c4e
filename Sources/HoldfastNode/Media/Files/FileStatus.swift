package import HoldfastArchive
package import HoldfastModel

/// What the file system says of a name or an open file.
package struct FileStatus: Equatable, Sendable {
    package enum Kind: UInt32, Sendable {
        case fifo = 0o010000
        case characterDevice = 0o020000
        case directory = 0o040000
        case blockDevice = 0o060000
        case file = 0o100000
        case symbolicLink = 0o120000
        case socket = 0o140000
    }

    package var kind: Kind
    /// Permission bits, setuid, setgid and sticky.
    package var mode: UInt16
    package var identity: FileIdentity
    package var size: UInt64
    /// Bytes that take room on the disk: less than `size` where there are holes, or compression.
    package var allocated: UInt64
    /// The number of a device.
    package var special: UInt64
    package var links: UInt32
    package var owner: UInt32
    package var group: UInt32
    package var modified: FileTime
    package var changed: FileTime
    /// When the inode was made; zero where the file system doesn't say. Tells a reused inode number from the one before.
    package var born: FileTime
    package var isMountRoot: Bool

    package init(
        kind: Kind, mode: UInt16, identity: FileIdentity, size: UInt64, allocated: UInt64, special: UInt64 = 0,
        links: UInt32, owner: UInt32, group: UInt32, modified: FileTime, changed: FileTime, born: FileTime,
        isMountRoot: Bool = false
    ) {
        self.kind = kind
        self.mode = mode
        self.identity = identity
        self.size = size
        self.allocated = allocated
        self.special = special
        self.links = links
        self.owner = owner
        self.group = group
        self.modified = modified
        self.changed = changed
        self.born = born
        self.isMountRoot = isMountRoot
    }

    func entry(path: [UInt8], kind: MediaEntry.Kind, attributes: [MediaEntry.ExtendedAttribute]) -> MediaEntry {
        MediaEntry(
            path: path, kind: kind, mode: mode, owner: owner, group: group, modified: modified, changed: changed,
            device: identity.device, inode: identity.inode, attributes: attributes)
    }
}
