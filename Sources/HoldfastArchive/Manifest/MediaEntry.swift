/// One name in a media tree, with everything needed to make it again.
package struct MediaEntry: Hashable, Sendable {
    /// Relative to the tree's root, `/` between components; bytes, not assumed UTF-8. Empty for the root itself.
    package var path: [UInt8]
    package var kind: Kind
    /// Permission bits, setuid, setgid and sticky: `st_mode & 0o7777`.
    package var mode: UInt16
    package var owner: UInt32
    package var group: UInt32
    package var modified: FileTime
    /// Not restored; tells with `identity` whether the file was changed since.
    package var changed: FileTime
    package var device: UInt64
    package var inode: UInt64
    package var attributes: [ExtendedAttribute]
    package var flags: Flags

    package enum Kind: Hashable, Sendable {
        case directory
        /// `chunks` hold the bytes of `extents`, one after the other; what lies between them is a hole.
        case file(size: UInt64, extents: [Extent], chunks: [ChunkReference])
        case symbolicLink(target: [UInt8])
        /// Another name of the file at `first`, which stands earlier in the manifest.
        case hardLink(first: [UInt8])
        case fifo
        case socket
        case characterDevice(UInt64)
        case blockDevice(UInt64)
    }

    package struct Extent: Hashable, Sendable {
        package var offset: UInt64
        package var length: UInt64

        package init(offset: UInt64, length: UInt64) {
            self.offset = offset
            self.length = length
        }
    }

    package struct ExtendedAttribute: Hashable, Sendable {
        package var name: [UInt8]
        package var value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Seen before the database's snapshot and gone after it. Restored: a row of that instant may name it.
        package static let vanished = Flags(rawValue: 1)
        /// The content before the database's snapshot of a file that changed after it; the later one stands beside it.
        package static let earlier = Flags(rawValue: 2)
        /// Changed each time it was read: its content may be of no single instant.
        package static let unsettled = Flags(rawValue: 4)
    }

    package init(
        path: [UInt8], kind: Kind, mode: UInt16, owner: UInt32, group: UInt32, modified: FileTime, changed: FileTime,
        device: UInt64, inode: UInt64, attributes: [ExtendedAttribute] = [], flags: Flags = []
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.changed = changed
        self.device = device
        self.inode = inode
        self.attributes = attributes
        self.flags = flags
    }
}

/// A time of a file, to the nanosecond.
package struct FileTime: Hashable, Comparable, Sendable {
    package var seconds: Int64
    package var nanoseconds: UInt32

    package init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
