import CLinux
import HoldfastArchive
import HoldfastModel

/// What the file system says of a name or an open file.
struct FileStatus: Equatable {
    enum Kind: UInt32 {
        case fifo = 0o010000
        case characterDevice = 0o020000
        case directory = 0o040000
        case blockDevice = 0o060000
        case file = 0o100000
        case symbolicLink = 0o120000
        case socket = 0o140000
    }

    var kind: Kind
    /// Permission bits, setuid, setgid and sticky.
    var mode: UInt16
    var identity: FileIdentity
    var size: UInt64
    /// Bytes that take room on the disk: less than `size` where there are holes, or compression.
    var allocated: UInt64
    /// The number of a device.
    var special: UInt64
    var links: UInt32
    var owner: UInt32
    var group: UInt32
    var modified: FileTime
    var changed: FileTime
    /// When the inode was made; zero where the file system doesn't say. Tells a reused inode number from the one before.
    var born: FileTime
    var isMountRoot: Bool

    /// Nil for a kind of thing that this program doesn't know.
    init?(_ status: linux_status) {
        guard let kind = Kind(rawValue: status.mode & 0o170000) else { return nil }
        self.kind = kind
        self.mode = UInt16(status.mode & 0o7777)
        self.identity = FileIdentity(device: status.device, inode: status.inode)
        self.size = status.size
        self.allocated = status.allocated
        self.special = status.special
        self.links = status.links
        self.owner = status.owner
        self.group = status.group
        self.modified = FileTime(seconds: status.modified_seconds, nanoseconds: status.modified_nanoseconds)
        self.changed = FileTime(seconds: status.changed_seconds, nanoseconds: status.changed_nanoseconds)
        self.born = FileTime(seconds: status.born_seconds, nanoseconds: status.born_nanoseconds)
        self.isMountRoot = status.mount_root != 0
    }

    func entry(path: [UInt8], kind: MediaEntry.Kind, attributes: [MediaEntry.ExtendedAttribute]) -> MediaEntry {
        MediaEntry(
            path: path, kind: kind, mode: mode, owner: owner, group: group, modified: modified, changed: changed,
            device: identity.device, inode: identity.inode, attributes: attributes)
    }
}
