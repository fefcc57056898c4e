import Glibc
import HoldfastArchive
import HoldfastNode

/// What a `ModelFileSystem` holds, and the journal that a power cut rolls back.
struct ModelFileState: Sendable {
    struct Descriptor: Sendable {
        enum Access: Sendable { case read, write, path }

        var inode: UInt64
        var access: Access
        var process: Int
    }

    /// How to take back a part of an operation.
    enum Undo: Sendable {
        case inode(UInt64, ModelInode?)
        case name(directory: UInt64, [UInt8], UInt64?)
    }

    static let root: UInt64 = 2
    static let block: UInt64 = 4096
    /// A file's largest size here: its holes take memory.
    static let largestFile: UInt64 = 1 << 30

    var options = ModelFileSystem.Options()
    let clock: @Sendable () -> FileTime
    var inodes: [UInt64: ModelInode] = [:]
    /// By body.
    var names: [UInt64: [[UInt8]: UInt64]] = [:]
    /// By body.
    var contents: [UInt64: ModelContent] = [:]
    /// Bodies whose bytes differ from the durable ones, or may.
    var dirty: Set<UInt64> = []
    var descriptors: [FileNumber: Descriptor] = [:]
    var processes = 0
    /// Grows with every change that a reader could see.
    private(set) var version = 0
    var usedBytes: UInt64 = 0
    private var openCounts: [UInt64: Int] = [:]
    private var nextDescriptor: FileNumber = 3
    private var nextBody: UInt64 = 1
    private var freeNumbers: Set<UInt64> = []
    private var highestNumber: UInt64 = 11
    /// Operations that are not durable yet, the oldest first.
    private var journal: [[Undo]] = []
    private var operation: [Undo] = []
    /// Bodies of freed inodes, kept for as long as their removal may be rolled back.
    private var doomed: [UInt64] = []

    init(clock: @escaping @Sendable () -> FileTime) {
        self.clock = clock
        let now = clock()
        let root = ModelInode(
            kind: .directory, mode: 0o755, owner: 0, group: 0, links: 2, modified: now, changed: now, born: now,
            parent: Self.root, body: 0)
        inodes[Self.root] = root
        names[root.body] = [:]
    }

    // MARK: Changing metadata

    mutating func set(_ number: UInt64, _ inode: ModelInode?) {
        version += 1
        operation.append(.inode(number, inodes[number]))
        inodes[number] = inode
    }

    mutating func change(_ number: UInt64, _ body: (inout ModelInode) -> Void) {
        guard var inode = inodes[number] else { return }
        body(&inode)
        set(number, inode)
    }

    /// Gives a name in a directory to an inode, or to none.
    mutating func setName(_ name: [UInt8], in directory: UInt64, to number: UInt64?) {
        guard let body = inodes[directory]?.body else { return }
        let old =
            number.map { names[body, default: [:]].updateValue($0, forKey: name) }
            ?? names[body, default: [:]].removeValue(forKey: name)
        operation.append(.name(directory: body, name, old))
        let now = clock()
        change(directory) { ($0.modified, $0.changed) = (now, now) }
    }

    /// A new inode, with the lowest number that is free.
    mutating func make(_ kind: FileStatus.Kind, mode: UInt16, owner: UInt32, group: UInt32) -> UInt64 {
        let number: UInt64
        if let free = freeNumbers.min() {
            freeNumbers.remove(free)
            number = free
        } else {
            highestNumber += 1
            number = highestNumber
        }
        let now = clock()
        let inode = ModelInode(
            kind: kind, mode: mode, owner: owner, group: group, modified: now, changed: now, born: now, body: nextBody)
        nextBody += 1
        if kind == .file { contents[inode.body] = ModelContent() }
        if kind == .directory { names[inode.body] = [:] }
        set(number, inode)
        return number
    }

    /// Takes one name, or all those of a directory, from an inode.
    mutating func dropLink(_ number: UInt64) {
        let now = clock()
        change(number) { inode in
            inode.links = inode.kind == .directory ? 0 : inode.links - 1
            inode.changed = now
        }
        freeIfUnused(number)
    }

    private mutating func freeIfUnused(_ number: UInt64) {
        guard let inode = inodes[number], inode.links == 0, openCounts[number] == nil else { return }
        usedBytes -= room(of: inode)
        doomed.append(inode.body)
        freeNumbers.insert(number)
        // Not an operation: of what has no name nothing is left after a power cut either.
        inodes[number] = nil
    }

    /// The bytes of the medium that an inode takes.
    func room(of inode: ModelInode) -> UInt64 {
        switch inode.kind {
        case .directory: Self.block
        case .file: Self.blocks(UInt64(contents[inode.body]?.bytes.count ?? 0))
        default: 0
        }
    }

    static func blocks(_ count: UInt64) -> UInt64 { (count + block - 1) / block * block }

    mutating func take(_ bytes: UInt64) throws(CallFailure) {
        guard usedBytes + bytes <= options.capacity else { throw CallFailure(ENOSPC) }
        usedBytes += bytes
    }

    // MARK: Open files

    mutating func open(_ inode: UInt64, _ access: Descriptor.Access, process: Int) -> FileNumber {
        openCounts[inode, default: 0] += 1
        defer { nextDescriptor += 1 }
        descriptors[nextDescriptor] = Descriptor(inode: inode, access: access, process: process)
        return nextDescriptor
    }

    mutating func close(_ file: FileNumber) {
        guard let descriptor = descriptors.removeValue(forKey: file) else { return }
        let left = openCounts[descriptor.inode, default: 1] - 1
        openCounts[descriptor.inode] = left == 0 ? nil : left
        freeIfUnused(descriptor.inode)
    }

    // MARK: Durability

    mutating func endOperation() {
        if operation.isEmpty { return }
        journal.append(operation)
        operation = []
    }

    /// Makes content durable, and what names lead to it.
    mutating func sync(_ bodies: Set<UInt64>) {
        for body in bodies {
            contents[body]?.sync()
            if contents[body]?.isLost != true { dirty.remove(body) }
        }
        commit()
    }

    /// All metadata is durable.
    private mutating func commit() {
        endOperation()
        journal = []
        for body in doomed { forget(body) }
        doomed = []
    }

    private mutating func forget(_ body: UInt64) {
        contents[body] = nil
        names[body] = nil
        dirty.remove(body)
    }

    mutating func powerCut(using random: inout some RandomNumberGenerator) {
        endOperation()
        version += 1
        descriptors = [:]
        openCounts = [:]
        let kept = Int.random(in: 0...journal.count, using: &random)
        for operation in journal[kept...].reversed() {
            for undo in operation.reversed() {
                switch undo {
                case .inode(let number, let inode): inodes[number] = inode
                case .name(let directory, let name, let number): names[directory]?[name] = number
                }
            }
        }
        journal = []
        doomed = []
        for body in dirty.sorted() { contents[body]?.cut(using: &random) }
        dirty = []
        inodes = inodes.filter { $0.value.links > 0 }
        let bodies = Set(inodes.values.map(\.body))
        for body in Set(contents.keys).union(names.keys).subtracting(bodies) { forget(body) }
        highestNumber = max(11, inodes.keys.max() ?? 0)
        freeNumbers = Set(12...max(12, highestNumber)).subtracting(inodes.keys)
        usedBytes = inodes.values.reduce(0) { $0 + room(of: $1) }
    }
}
