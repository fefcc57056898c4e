import Glibc
import HoldfastModel

/// The directories from a tree's root down to the one being worked in. Of a deep chain only the lowest are kept open;
/// the others are opened again, and recognised by device and inode, when the work comes back up to them.
final class DirectoryChain {
    /// How many directories are open at the same time, the root not counted.
    private static let open = 24

    private struct Level {
        let pathLength: Int
        let identity: FileIdentity
        var handle: MediaHandle?
    }

    private let root: MediaHandle
    private var levels: [Level] = []
    private let sameMount: Bool
    /// Of the directory being worked in, relative to the root.
    private(set) var path: [UInt8] = []

    init(root: MediaHandle, sameMount: Bool = true) {
        self.root = root
        self.sameMount = sameMount
    }

    /// How far below the root.
    var depth: Int { levels.count }

    /// The directory being worked in. Fails with `ESTALE` if another one has taken its place.
    func current() throws(CallFailure) -> MediaHandle {
        guard let level = levels.last else { return root }
        if let handle = level.handle { return handle }
        let handle = try root.directory(at: path, sameMount: sameMount)
        guard try handle.status().identity == level.identity else { throw CallFailure(ESTALE) }
        levels[levels.count - 1].handle = handle
        return handle
    }

    func enter(_ name: [UInt8], _ handle: MediaHandle, identity: FileIdentity) {
        levels.append(Level(pathLength: path.count, identity: identity, handle: handle))
        path = path.appending(component: name)
        if levels.count > Self.open { levels[levels.count - 1 - Self.open].handle = nil }
    }

    func leave() {
        guard let level = levels.popLast() else { return }
        path.removeSubrange(level.pathLength...)
        guard let handle = level.handle, let above = levels.last, above.handle == nil else { return }
        // One step instead of the whole path again; anything but the directory that was entered is not taken.
        if let parent = try? handle.parent(), (try? parent.status())?.identity == above.identity {
            levels[levels.count - 1].handle = try? parent.directory(at: [UInt8(ascii: ".")], sameMount: sameMount)
        }
    }
}
