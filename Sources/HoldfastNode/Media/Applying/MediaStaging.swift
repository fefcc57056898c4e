import Glibc
package import HoldfastModel

/// The staging directory of one job: `.holdfast-<job>` in the tree's root, mode 0700.
///
/// It holds `tree/`, whose entries are to stand in the root or stood there before; `parked/`, where one entry at a time
/// waits if the file system can't exchange two; `root`, the root directory's own metadata that belongs to `tree/`; and
/// `list`, the list of an exchange. Once it is being removed it holds `dropping/`, until nothing else is left.
package struct MediaStaging: Sendable {
    package let root: MediaDirectory
    package let job: JobID
    package let identity: FileIdentity
    /// The staged tree, for walking it.
    package let tree: MediaDirectory
    let handle: MediaHandle
    let parked: MediaHandle

    static let treeName = Array("tree".utf8)
    static let parkedName = Array("parked".utf8)

    package var directory: String { StagingNames.mediaDirectory(job) }

    private init(root: MediaDirectory, job: JobID, handle: MediaHandle) throws(CallFailure) {
        self.root = root
        self.job = job
        self.handle = handle
        let tree = try handle.directory(at: Self.treeName)
        self.tree = try MediaDirectory(path: "\(root.path)/\(StagingNames.mediaDirectory(job))/tree", handle: tree)
        self.parked = try handle.directory(at: Self.parkedName)
        self.identity = try handle.status().identity
    }

    /// Makes it. Throws `alreadyExists` where a job of that name has begun before; `discard` that first.
    package static func make(in root: MediaDirectory, job: JobID) throws -> MediaStaging {
        let name = Array(StagingNames.mediaDirectory(job).utf8)
        do {
            return try root.preservingTimes { () throws(CallFailure) in
                try root.handle.makeDirectory(name)
                let handle = try root.handle.directory(at: name)
                // The umask may have taken away what this directory needs, and an ACL added what it must not have.
                try handle.setMode(0o700, of: [])
                try? handle.removeAttribute(Array("system.posix_acl_access".utf8), of: [])
                try? handle.removeAttribute(Array("system.posix_acl_default".utf8), of: [])
                try handle.makeDirectory(treeName)
                try handle.makeDirectory(parkedName)
                try handle.sync()
                try root.handle.sync()
                return try MediaStaging(root: root, job: job, handle: handle)
            }
        } catch {
            if error.number == EEXIST {
                throw HoldfastError(
                    .alreadyExists,
                    "'\(root.path)' already has a staging directory of job \(job); it is to be dropped first.")
            }
            throw error.error("make the staging directory", name)
        }
    }

    /// Finds it; nil where there is none, or only what an interrupted removal left of it. `expected` is what a journal says it is: another directory of that name is
    /// `conflict`.
    package static func find(
        in root: MediaDirectory, job: JobID, expected: FileIdentity? = nil
    ) throws -> MediaStaging? {
        let name = Array(StagingNames.mediaDirectory(job).utf8)
        do {
            let handle = try root.handle.directory(at: name)
            guard try expected == nil || handle.status().identity == expected else { throw foreign(root, name) }
            if try isBeingDropped(handle) { return nil }
            return try MediaStaging(root: root, job: job, handle: handle)
        } catch let failure as CallFailure {
            if failure.number == ENOENT, try isFree(name, in: root) { return nil }
            throw failure.error("open the staging directory", name)
        }
    }

    /// The directory of one job gets the name of another. May be repeated after a crash.
    static func adopt(
        in root: MediaDirectory, from: JobID, to job: JobID, expected: FileIdentity
    ) throws -> MediaStaging {
        if let done = try find(in: root, job: job, expected: expected) { return done }
        guard let old = try find(in: root, job: from, expected: expected) else {
            throw HoldfastError(
                .notFound, "What job \(from) kept in '\(root.path)' is gone; restore its safety backup instead.")
        }
        let (name, newName) = (Array(old.directory.utf8), Array(StagingNames.mediaDirectory(job).utf8))
        do {
            return try root.preservingTimes { () throws(CallFailure) in
                try root.handle.rename(name, to: newName, in: root.handle)
                try root.handle.sync()
                return try MediaStaging(root: root, job: job, handle: old.handle)
            }
        } catch {
            throw error.error("rename the staging directory", name)
        }
    }

    static func isFree(_ name: [UInt8], in root: MediaDirectory) throws(CallFailure) -> Bool {
        try root.handle.statusIfPresent(of: name) == nil
    }

    static func foreign(_ root: MediaDirectory, _ name: [UInt8]) -> HoldfastError {
        HoldfastError(
            .conflict,
            "'\(root.path)/\(String.printable(bytes: name))' is not the directory that the journal names; it is left alone. "
                + "Look at it and remove it by hand if it is not needed.")
    }
}

extension MediaDirectory {
    /// Work of ours in the root leaves no trace in its times, and is possible where its owner lacks the right to write.
    func preservingTimes<Result>(_ body: () throws(CallFailure) -> Result) throws(CallFailure) -> Result {
        let before = try handle.status()
        let isOpened = before.mode & 0o300 != 0o300 && before.owner == handle.calls.effectiveUser && !handle.isRoot
        if isOpened { try handle.setMode(before.mode | 0o300, of: []) }
        defer {
            if isOpened { try? handle.setMode(before.mode, of: []) }
            try? handle.setModified(before.modified, of: [])
        }
        return try body()
    }
}
