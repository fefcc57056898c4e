import Glibc
import HoldfastArchive
import HoldfastModel

/// Walks a tree by open directories, depth first. Symbolic links are never followed, other file systems never entered, and
/// a directory that is swapped for something else between being seen and being opened is noticed.
///
/// What is met and can't be kept is named in `warnings`.
///
/// Memory: the sorted names of the directories from the root to the present one, and one path for each file that has more
/// names than were met so far.
final class PosixMediaWalk: MediaWalk {
    /// A batch keeps the directories of its entries open, so it ends when it has touched this many.
    private static let directoriesInBatch = 32
    /// A manifest keeps no longer ones.
    private static let longestPath = 65_535
    /// Of one thing. Some file systems would hold hundreds of MiB.
    private static let mostAttributeBytes = 256 << 10

    /// Called between looking at a name and opening what it leads to. Tests change the tree there.
    typealias Seen = @Sendable (_ path: [UInt8]) -> Void

    private struct Frame {
        let names: NameList
        var next = 0
    }

    private let root: MediaHandle
    private let chain: DirectoryChain
    private var frames: [Frame] = []
    private var device: UInt64 = 0
    private var hasStarted = false
    private var links: [FileIdentity: (first: [UInt8], left: UInt32)] = [:]
    private let keepsStagingDirectories: Bool
    private let readsAttributes: Bool
    private let seen: Seen
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    private(set) var warnings = Warnings()

    /// `keepsStagingDirectories` gives what a capture leaves out as well.
    init(root: MediaHandle, keepsStagingDirectories: Bool = false, seen: @escaping Seen = { _ in }) {
        self.root = root
        self.seen = seen
        self.chain = DirectoryChain(root: root)
        self.keepsStagingDirectories = keepsStagingDirectories
        // Attributes of what can't be opened are reached through /proc, which a container may lack.
        self.readsAttributes = (try? root.attributes(of: Array(".".utf8))) != nil
        if !readsAttributes {
            warnings.add("Extended attributes and access control lists are left out: /proc is not mounted.")
        }
    }

    deinit { buffer.deallocate() }

    func next(max: Int) throws -> [WalkedEntry] {
        try Task.checkCancellation()
        var batch: [WalkedEntry] = []
        batch.reserveCapacity(max)
        var directories = 0
        if !hasStarted { batch.append(try start()) }
        while batch.count < max, directories < Self.directoriesInBatch, let frame = frames.last {
            guard frame.next < frame.names.count else {
                leave()
                continue
            }
            let directory: MediaHandle
            do {
                directory = try chain.current()
            } catch {
                warn(chain.path, "was moved or removed while it was read; the rest of it is missing")
                leave()
                continue
            }
            let depth = frames.count
            frames[depth - 1].next += 1
            if let entry = visit(frame.names[frame.next], in: directory) {
                if batch.last?.directory !== directory { directories += 1 }
                batch.append(entry)
            }
        }
        return batch
    }

    private func start() throws -> WalkedEntry {
        do {
            let status = try root.status()
            device = status.identity.device
            let attributes = try attributes(of: [], [], in: root)
            var reserved: [[UInt8]] = []
            let isLeftOut: (UnsafeRawBufferPointer) -> Bool = { [keepsStagingDirectories] in
                guard !keepsStagingDirectories, $0.starts(with: StagingNames.mediaPrefix.utf8) else { return false }
                reserved.append(Array($0))
                return true
            }
            // A handle of its own, because the position in a directory belongs to the open file.
            frames = [Frame(names: try NameList(of: root.directory(at: Array(".".utf8)), leavingOut: isLeftOut))]
            hasStarted = true
            try warn(ofReserved: reserved)
            return WalkedEntry(
                entry: status.entry(path: [], kind: .directory, attributes: attributes), links: 1, isSparse: false,
                directory: nil)
        } catch {
            throw error.error("read the directory", [])
        }
    }

    /// Names that this program keeps for itself and did not give.
    private func warn(ofReserved names: [[UInt8]]) throws(CallFailure) {
        for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let kind = try root.statusIfPresent(of: name)?.kind
            if kind == .directory, StagingNames.isMediaDirectory(name) { continue }
            warn(
                name,
                "is left out: names that begin with \(StagingNames.mediaPrefix) here are Holdfast's own; rename it")
        }
    }

    private func leave() {
        frames.removeLast()
        chain.leave()
    }

    /// Nil, with a warning, for what is gone or can't be captured.
    private func visit(_ name: [UInt8], in directory: MediaHandle) -> WalkedEntry? {
        let path = chain.path.appending(component: name)
        guard path.count <= Self.longestPath else {
            warn(path, "has a path of more than \(Self.longestPath) bytes and is left out with all that it holds")
            return nil
        }
        do {
            let status = try directory.status(of: name)
            seen(path)
            if status.isMountRoot, status.kind != .directory {
                warn(path, "is mounted from elsewhere; it is left out")
                return nil
            }
            let attributes = try attributes(of: name, path, in: directory)
            let kind = try kind(of: name, status, path, in: directory)
            if status.kind == .directory { enter(name, status, path, in: directory) }
            return WalkedEntry(
                entry: status.entry(path: path, kind: kind, attributes: attributes), links: status.links,
                isSparse: status.allocated < status.size, directory: directory)
        } catch {
            warn(path, error.meansVanished ? "vanished before it could be read" : "can't be read: \(error.text)")
            return nil
        }
    }

    /// What can be kept of them, with a warning for the rest: a thing is worth more than what is attached to it.
    private func attributes(
        of name: [UInt8], _ path: [UInt8], in directory: MediaHandle
    ) throws(CallFailure) -> [MediaEntry.ExtendedAttribute] {
        guard readsAttributes else { return [] }
        do {
            let found = try directory.attributes(of: name)
            guard found.reduce(0, { $0 + $1.value.count }) > Self.mostAttributeBytes else { return found }
            warn(path, "has extended attributes of more than \(Self.mostAttributeBytes >> 10) KiB; they are left out")
        } catch {
            guard !error.meansVanished else { throw error }
            warn(path, "keeps its extended attributes to itself (\(error.text)); they are left out")
        }
        return []
    }

    private func kind(
        of name: [UInt8], _ status: FileStatus, _ path: [UInt8], in directory: MediaHandle
    ) throws(CallFailure) -> MediaEntry.Kind {
        switch status.kind {
        case .directory: return .directory
        case .file:
            if status.links > 1, let first = first(of: status, path) { return .hardLink(first: first) }
            return .file(size: status.size, extents: [], chunks: [])
        case .symbolicLink: return .symbolicLink(target: try directory.linkTarget(of: name))
        case .fifo: return .fifo
        case .socket: return .socket
        case .characterDevice: return .characterDevice(status.special)
        case .blockDevice: return .blockDevice(status.special)
        }
    }

    /// The path under which this file was met before.
    private func first(of status: FileStatus, _ path: [UInt8]) -> [UInt8]? {
        guard var known = links[status.identity] else {
            links[status.identity] = (path, status.links - 1)
            return nil
        }
        known.left -= 1
        // Every name was met: nothing more can refer to it.
        links[status.identity] = known.left == 0 ? nil : known
        return known.first
    }

    private func enter(_ name: [UInt8], _ status: FileStatus, _ path: [UInt8], in directory: MediaHandle) {
        guard status.identity.device == device else {
            return warn(path, "is another file system, which is not entered; make it a service of its own")
        }
        do {
            let handle = try directory.directory(at: name)
            guard try handle.status().identity == status.identity else {
                return warn(path, "was replaced while it was read; its content is missing")
            }
            frames.append(Frame(names: try NameList(of: handle)))
            chain.enter(name, handle, identity: status.identity)
        } catch {
            switch error.number {
            case EXDEV: warn(path, "is another file system, which is not entered; make it a service of its own")
            case _ where error.meansVanished: warn(path, "was replaced while it was read; its content is missing")
            default: warn(path, "can't be listed: \(error.text)")
            }
        }
    }

    func warn(_ path: [UInt8], _ text: String) {
        warnings.add("\(path.isEmpty ? "The tree's root" : String.printable(path: path)) \(text).")
    }
}
