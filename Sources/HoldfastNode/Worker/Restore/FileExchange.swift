import Glibc
import HoldfastArchive
import HoldfastModel

/// Moves what a job has made to its place, and what was there to a name beside. Which of the two is where is told by inode,
/// so that each step may be repeated after a crash.
struct FileExchange {
    private let files: WorkNote.Files
    private let root: MediaDirectory
    private let job: JobID
    private let step: FileRestoreWork.Step
    private let (parentPath, name): ([UInt8], [UInt8])

    init(
        _ files: WorkNote.Files, in root: MediaDirectory, job: JobID, step: @escaping FileRestoreWork.Step
    ) throws {
        guard let parent = EscapedPath.path(files.parent), let name = EscapedPath.path(files.name) else {
            throw HoldfastError(
                .corrupt, "The note of job \(job) names no place: look at it in the node's data directory")
        }
        (self.files, self.root, self.job, self.step) = (files, root, job, step)
        (parentPath, self.name) = (parent, name)
    }

    /// - Throws: `alreadyExists` where something is there that isn't to make way.
    func put(replacing: Bool) throws -> FileRestoreReport {
        do {
            let parent = try root.handle.directory(at: parentPath)
            if try parent.statusIfPresent(of: name)?.identity != files.entry {
                guard let staging = try MediaStaging.find(in: root, job: job, expected: files.staging),
                    try staging.tree.handle.statusIfPresent(of: name)?.identity == files.entry
                else {
                    throw HoldfastError(
                        .conflict,
                        "What was made for '\(root.path)/\(files.report.place)' was taken away, there or beside: restore it again"
                    )
                }
                try move(from: staging, to: parent, replacing)
                try staging.tree.handle.sync()
            }
            try keepOld(in: parent)
            try parent.sync()
            return try report(parent)
        } catch let failure as CallFailure {
            throw failure.error("put", parentPath.appending(component: name))
        }
    }

    /// Before all that is beside goes: what was there comes back, or, where the new one is in its place, to its name beside.
    ///
    /// - Returns: what the job had put there, where it was.
    func giveBack() throws -> FileRestoreReport? {
        do {
            guard let parent = try directory() else {
                if let staging = try old()?.staging {
                    throw HoldfastError(
                        .conflict,
                        "'\(root.path)/\(staging.directory)' holds what was in '\(files.parent.printable())', which is gone: "
                            + "look at it, and move it where it belongs")
                }
                return nil
            }
            guard try parent.statusIfPresent(of: name)?.identity == files.entry else {
                try keepOld(in: parent, underItsName: true)
                try parent.sync()
                return nil
            }
            try keepOld(in: parent)
            try parent.sync()
            return try report(parent)
        } catch let failure as CallFailure {
            throw failure.error("tidy up beside", parentPath.appending(component: name))
        }
    }

    // MARK: parts

    private func move(from staging: MediaStaging, to parent: MediaHandle, _ replacing: Bool) throws {
        let tree = staging.tree.handle
        try step("put it to its place")
        do {
            try tree.rename(name, to: name, in: parent)
            return
        } catch {
            guard error.number == EEXIST else { throw error }
        }
        guard replacing else { throw WayToPlace.taken(parentPath.appending(component: name), in: root) }
        try step("exchange it with what is there")
        do {
            try tree.exchange(name, with: parent)
        } catch {
            // Some file systems can't: then the name is missing for a moment.
            guard error.meansNotSupported else { throw error }
            try parent.rename(name, to: name, in: staging.parked)
            try step("put it to the free place")
            try tree.rename(name, to: name, in: parent)
        }
    }

    /// What made way waits in the staging directory, which is to go.
    ///
    /// - Parameter underItsName: where that is free.
    private func keepOld(in parent: MediaHandle, underItsName: Bool = false) throws {
        while let (_, holder) = try old() {
            let isBack = try underItsName && parent.statusIfPresent(of: name) == nil
            try step("keep what was there")
            try holder.rename(name, to: isBack ? name : keptName, in: parent)
        }
    }

    /// Where what made way waits; nil where it doesn't.
    private func old() throws -> (staging: MediaStaging, holder: MediaHandle)? {
        guard let staging = try MediaStaging.find(in: root, job: job, expected: files.staging) else { return nil }
        for holder in [staging.tree.handle, staging.parked] {
            if let status = try holder.statusIfPresent(of: name), status.identity != files.entry {
                return (staging, holder)
            }
        }
        return nil
    }

    private var keptName: [UInt8] {
        let mark = Array("replaced-\(job)".utf8)
        return name.count + mark.count + 1 > 255 ? mark : name + Array(".".utf8) + mark
    }

    private func report(_ parent: MediaHandle) throws(CallFailure) -> FileRestoreReport {
        var report = files.report
        if try parent.statusIfPresent(of: keptName) != nil {
            report.keptAs = EscapedPath.text(parentPath.appending(component: keptName))
        }
        return report
    }

    private func directory() throws(CallFailure) -> MediaHandle? {
        do {
            return try root.handle.directory(at: parentPath)
        } catch {
            guard error.meansVanished else { throw error }
            return nil
        }
    }
}

/// How far the directories on the way to a place are there.
struct WayToPlace {
    /// The last that is.
    private(set) var parent: [UInt8] = []
    /// The names behind it: directories that are gone, and what is to be put there.
    private(set) var missing: [[UInt8]] = []

    init(_ place: [UInt8], in root: MediaDirectory) throws {
        var names = try Self.names(of: place)[...]
        do {
            var handle = root.handle
            while names.count > 1, let name = names.first, let status = try handle.statusIfPresent(of: name) {
                guard status.kind == .directory else {
                    throw HoldfastError(
                        .checkFailed,
                        "'\(root.path)/\(String.printable(path: parent.appending(component: name)))' is no directory")
                }
                handle = try handle.directory(at: name)
                parent = parent.appending(component: name)
                names.removeFirst()
            }
        } catch let failure as CallFailure {
            if failure.number == EXDEV {
                throw HoldfastError(
                    .unsupported,
                    "'\(String.printable(path: place))' lies on another file system than '\(root.path)', which is not entered"
                )
            }
            throw failure.error("open the way to", place)
        }
        missing = Array(names)
    }

    /// - Throws: `alreadyExists`.
    func requireFree(in root: MediaDirectory) throws {
        guard missing.count == 1 else { return }
        do {
            let handle = try root.handle.directory(at: parent)
            guard try handle.statusIfPresent(of: missing[0]) != nil else { return }
        } catch {
            throw error.error("look at", parent)
        }
        throw Self.taken(parent.appending(component: missing[0]), in: root)
    }

    static func taken(_ path: [UInt8], in root: MediaDirectory) -> HoldfastError {
        HoldfastError(
            .alreadyExists,
            """
            '\(root.path)/\(String.printable(path: path))' is there already: add --replace, which keeps it beside, or say \
            another place with --at
            """)
    }

    private static func names(of place: [UInt8]) throws -> [[UInt8]] {
        let names = place.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        let isPossible = names.allSatisfy { name in
            !name.isEmpty && name.count <= 255 && !name.contains(0) && name != Array(".".utf8)
                && name != Array("..".utf8)
        }
        guard isPossible, place.count < 4096, !(names.first?.starts(with: StagingNames.mediaPrefix.utf8) ?? true) else {
            throw HoldfastError(
                .invalidArgument,
                "\(String.printable(path: place)) is no place in a media tree: write it from the root on")
        }
        return names
    }
}
