import Glibc
import HoldfastArchive
import HoldfastNode

/// Who makes a call.
struct ModelUser: Sendable {
    var user: UInt32
    var group: UInt32

    var isRoot: Bool { user == 0 }

    func owns(_ inode: ModelInode) -> Bool { isRoot || inode.owner == user }

    /// - Parameter rights: 4 to read, 2 to write, 1 to search.
    func may(_ rights: UInt16, _ inode: ModelInode) -> Bool {
        if isRoot { return true }
        let shift = inode.owner == user ? 6 : inode.group == group ? 3 : 0
        return inode.mode >> shift & rights == rights
    }
}

/// Finding inodes by open files and names.
extension ModelFileState {
    func inode(_ number: UInt64) throws(CallFailure) -> ModelInode {
        guard let inode = inodes[number] else { throw CallFailure(ENOENT) }
        return inode
    }

    func descriptor(_ file: FileNumber) throws(CallFailure) -> Descriptor {
        guard let descriptor = descriptors[file] else { throw CallFailure(EBADF) }
        return descriptor
    }

    /// One that content can be read from or written to.
    func open(_ file: FileNumber) throws(CallFailure) -> Descriptor {
        let descriptor = try descriptor(file)
        guard descriptor.access != .path else { throw CallFailure(EBADF) }
        return descriptor
    }

    func requireDirectory(_ number: UInt64, _ rights: UInt16, _ user: ModelUser) throws(CallFailure) {
        let inode = try inode(number)
        guard inode.kind == .directory else { throw CallFailure(ENOTDIR) }
        guard user.may(rights, inode) else { throw CallFailure(EACCES) }
    }

    /// What bears the name, or what is open where the name is empty.
    func find(_ name: [UInt8], in directory: FileNumber, _ user: ModelUser) throws(CallFailure) -> UInt64 {
        let start = try descriptor(directory).inode
        return name.isEmpty ? start : try find(name, below: start, user)
    }

    func find(_ name: [UInt8], below directory: UInt64, _ user: ModelUser) throws(CallFailure) -> UInt64 {
        guard let found = try findIfPresent(name, below: directory, user) else { throw CallFailure(ENOENT) }
        return found
    }

    func findIfPresent(_ name: [UInt8], below directory: UInt64, _ user: ModelUser) throws(CallFailure) -> UInt64? {
        precondition(!name.contains(UInt8(ascii: "/")) && !name.contains(0), "a single name")
        try requireDirectory(directory, 1, user)
        let inode = try inode(directory)
        switch name {
        case []: throw CallFailure(ENOENT)
        case Self.here: return directory
        case Self.above: return inode.parent
        default:
            guard name.count <= 255 else { throw CallFailure(ENAMETOOLONG) }
            return names[inode.body]?[name]
        }
    }

    static let here = Array(".".utf8)
    static let above = Array("..".utf8)

    /// Where a new name may be made.
    func place(of name: [UInt8], in directory: FileNumber, _ user: ModelUser) throws(CallFailure) -> UInt64 {
        let number = try descriptor(directory).inode
        if try findIfPresent(name, below: number, user) != nil { throw CallFailure(EEXIST) }
        // A directory that was removed takes no more names.
        guard try inode(number).links > 0 else { throw CallFailure(ENOENT) }
        try requireDirectory(number, 3, user)
        return number
    }

    /// Whether a name of the directory may be taken from what bears it.
    func requireRemovable(
        _ number: UInt64, from directory: UInt64, _ user: ModelUser
    ) throws(CallFailure) {
        try requireDirectory(directory, 3, user)
        let (parent, inode) = (try inode(directory), try inode(number))
        guard parent.mode & 0o1000 == 0 || user.owns(inode) || user.owns(parent) else { throw CallFailure(EPERM) }
    }

    func isEmpty(_ directory: ModelInode) -> Bool { names[directory.body]?.isEmpty ?? true }

    /// Whether a directory is, or lies above, another one.
    func isAbove(_ number: UInt64, _ other: UInt64) -> Bool {
        var current = other
        while current != number {
            guard current != Self.root, let parent = inodes[current]?.parent else { return false }
            current = parent
        }
        return true
    }

    func status(of number: UInt64) throws(CallFailure) -> FileStatus {
        let inode = try inode(number)
        let size: UInt64 =
            switch inode.kind {
            case .file: UInt64(contents[inode.body]?.bytes.count ?? 0)
            case .directory: Self.block
            case .symbolicLink: UInt64(inode.target.count)
            default: 0
            }
        return FileStatus(
            kind: inode.kind, mode: inode.mode, identity: .init(device: ModelFileSystem.device, inode: number),
            size: size, allocated: room(of: inode), special: inode.special, links: inode.links, owner: inode.owner,
            group: inode.group, modified: inode.modified, changed: inode.changed, born: inode.born,
            isMountRoot: number == Self.root)
    }
}
