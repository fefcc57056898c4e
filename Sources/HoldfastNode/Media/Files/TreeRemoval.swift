import Glibc
import HoldfastModel

/// Removes a directory with all it holds. Nothing is followed, other file systems are not entered, and the number of open
/// directories is bounded however deep it is.
enum TreeRemoval {
    /// Called before each thing is removed. Tests let it throw, as a crash would.
    typealias Step = () throws(CallFailure) -> Void

    /// Removes whatever bears the name. Something else that takes the name meanwhile fails with `ESTALE`.
    static func remove(_ name: [UInt8], in parent: MediaHandle, step: Step) throws(CallFailure) {
        guard let status = try parent.statusIfPresent(of: name) else { return }
        guard status.kind == .directory else {
            return try removeIfPresent(name, isDirectory: false, in: parent, step)
        }
        try remove(name, expected: status.identity, in: parent, step: step)
    }

    static func remove(
        _ name: [UInt8], expected: FileIdentity, in parent: MediaHandle, step: Step = { () throws(CallFailure) in }
    ) throws(CallFailure) {
        let top = try open(name, in: parent)
        guard try top.status().identity == expected else { throw .replaced }
        let chain = DirectoryChain(root: top)
        var frames = [(names: try NameList(of: top), next: 0, name: name)]
        while let frame = frames.last {
            let directory = try chain.current()
            guard frame.next < frame.names.count else {
                frames.removeLast()
                if frames.isEmpty { break }
                chain.leave()
                try removeIfPresent(frame.name, isDirectory: true, in: chain.current(), step)
                continue
            }
            frames[frames.count - 1].next += 1
            let child = frame.names[frame.next]
            guard let status = try directory.statusIfPresent(of: child) else { continue }
            if status.kind == .directory {
                let handle = try open(child, in: directory)
                frames.append((try NameList(of: handle), 0, child))
                chain.enter(child, handle, identity: try handle.status().identity)
            } else {
                try removeIfPresent(child, isDirectory: false, in: directory, step)
            }
        }
        try removeIfPresent(name, isDirectory: true, in: parent, step)
    }

    /// A directory whose mode shuts its owner out is opened up first; it is to be removed anyway.
    static func open(_ name: [UInt8], in parent: MediaHandle) throws(CallFailure) -> MediaHandle {
        do {
            let handle = try parent.directory(at: name)
            if !parent.isRoot, try handle.status().mode & 0o700 != 0o700 { try handle.setMode(0o700, of: []) }
            return handle
        } catch {
            guard error.number == EACCES else { throw error }
            try parent.setMode(0o700, of: name)
            return try parent.directory(at: name)
        }
    }

    private static func removeIfPresent(
        _ name: [UInt8], isDirectory: Bool, in parent: MediaHandle, _ step: Step
    ) throws(CallFailure) {
        try step()
        do {
            try parent.remove(name, isDirectory: isDirectory)
        } catch {
            guard error.number == ENOENT else { throw error }
        }
    }
}
