import Glibc
import HoldfastArchive
package import HoldfastModel

/// Builds a tree from a manifest in a job's staging directory.
///
/// Every name is made in an open directory of the staged tree, so that nothing outside of it can be reached whatever the
/// manifest says. On return all of it is on disk.
package final class MediaApply {
    package struct Outcome: Sendable {
        package var counts = MediaCounts()
        package var warnings = Warnings()
    }

    private let staging: MediaStaging
    private let adjustment: MediaAdjustment
    private let content: any MediaContent
    private let progress: MediaCapture.ProgressReport
    private let chain: DirectoryChain
    private let metadata: EntryMetadata
    private let isRoot: Bool
    /// The directories being filled, without their paths, which are those of the chain; their metadata is set when nothing
    /// more is put into them.
    private var open: [MediaEntry] = []
    /// Directories whose mode shuts out this process, which isn't root: set when all is made.
    private var shut: [(path: [UInt8], mode: UInt16, modified: FileTime)] = []
    private var outcome = Outcome()
    private var writtenBytes: Int64 = 0
    private var items: Int64 = 0

    /// `progress` tells the bytes written and the entries made.
    package init(
        staging: MediaStaging, adjustment: MediaAdjustment, content: any MediaContent,
        progress: @escaping MediaCapture.ProgressReport = { _, _ in }
    ) {
        self.staging = staging
        self.adjustment = adjustment
        self.content = content
        self.progress = progress
        self.chain = DirectoryChain(root: staging.tree.handle)
        isRoot = staging.handle.isRoot
        metadata = EntryMetadata(isRoot: isRoot)
    }

    /// Makes every entry. The staged tree must be empty; used once.
    package func apply(_ entries: any EntrySource) async throws -> Outcome {
        let writeBack: WriteBack
        do { writeBack = try WriteBack(staging.handle) } catch { throw error.error("open", []) }
        let root = try await withThrowingDiscardingTaskGroup { group in
            var begun: Int64 = 0
            return try await make(entries) { writtenBytes in
                guard writtenBytes - begun >= WriteBack.intervalBytes, writeBack.begin() else { return }
                begun = writtenBytes
                group.addTask { writeBack.run() }
            }
        }
        try finish(root)
        return outcome
    }

    /// - Returns: the root, whose metadata comes last.
    private func make(
        _ entries: any EntrySource, written: (_ bytes: Int64) -> Void
    ) async throws -> MediaEntry {
        var root: MediaEntry?
        while let entry = try await entries.next() {
            if items % 256 == 0 { try Task.checkCancellation() }
            guard let adjusted = adjustment.adjusted(entry) else { continue }
            let components = try PathRules.components(of: adjusted.path)
            guard let name = components.last else {
                guard root == nil, case .directory = adjusted.kind else {
                    throw PathRules.malformed([], "is not the one directory that the root is")
                }
                root = adjusted
                continue
            }
            do {
                try climb(toParentOf: adjusted.path, nameLength: name.count)
                try await make(name, adjusted)
            } catch let failure as CallFailure {
                if failure.number == EEXIST { throw PathRules.malformed(adjusted.path, "stands there twice") }
                throw failure.error("make", adjusted.path)
            }
            outcome.counts.add(adjusted)
            items += 1
            if items % 256 == 0 { progress(writtenBytes, items) }
            written(writtenBytes)
        }
        guard let root else { throw PathRules.malformed([], "is missing: the manifest has no root") }
        return root
    }

    private func make(_ name: [UInt8], _ entry: MediaEntry) async throws {
        let directory = try chain.current()
        switch entry.kind {
        case .directory:
            try directory.makeDirectory(name)
            let handle = try directory.directory(at: name)
            if try handle.status().mode & 0o700 != 0o700 { try handle.setMode(0o700, of: []) }
            chain.enter(name, handle, identity: try handle.status().identity)
            var filled = entry
            filled.path = []
            open.append(filled)
            return
        case .file(let size, let extents, let chunks):
            let file = try directory.makeFile(name)
            try await write(size, extents, chunks, to: file, entry.path)
            return try settle(entry, [], in: file)
        case .symbolicLink(let target):
            guard !target.isEmpty, target.count < 4096, !target.contains(0) else {
                throw PathRules.malformed(entry.path, "is a symbolic link to an impossible target")
            }
            try directory.makeSymbolicLink(name, to: target)
        case .hardLink(let first):
            return try link(name, to: first, entry, in: directory)
        case .fifo: try directory.makeNode(name, .fifo)
        case .socket: try directory.makeNode(name, .socket)
        case .characterDevice(let number), .blockDevice(let number):
            var kind = FileStatus.Kind.blockDevice
            if case .characterDevice = entry.kind { kind = .characterDevice }
            do {
                try directory.makeNode(name, kind, special: number)
            } catch {
                guard error.meansRefused else { throw error }
                return warn(entry, "is a device, which only root may make; it is left out")
            }
        }
        try settle(entry, name, in: directory)
    }

    private func write(
        _ size: UInt64, _ extents: [MediaEntry.Extent], _ chunks: [ChunkReference], to file: MediaHandle,
        _ path: [UInt8]
    ) async throws {
        let position = try ExtentPosition(extents, size: size, path: path)
        let promised = chunks.reduce(UInt64(0)) { $0 + UInt64($1.length) }
        guard promised == position.total else {
            throw PathRules.malformed(path, "has chunks of \(promised) bytes for content of \(position.total)")
        }
        if !chunks.isEmpty {
            try await content.read(chunks) { bytes in
                try position.place(bytes) { piece, offset in try file.write(piece, at: offset) }
                writtenBytes += Int64(bytes.count)
                if bytes.count >= 1 << 20 { progress(writtenBytes, items) }
            }
        }
        guard position.isComplete else {
            throw HoldfastError(
                .corrupt, "The stored content of '\(String.printable(bytes: path))' is shorter than its manifest says.")
        }
        // A hole at the end has no bytes that would extend the file.
        if extents.last.map({ $0.offset + $0.length }) ?? 0 != size { try file.setSize(size) }
    }

    private func link(_ name: [UInt8], to first: [UInt8], _ entry: MediaEntry, in directory: MediaHandle) throws {
        let components = try PathRules.components(of: first)
        guard let firstName = components.last, MediaOrder.precedes(first, entry.path) else {
            throw PathRules.malformed(entry.path, "is a hard link to something that does not stand before it")
        }
        let parent = try staging.tree.handle.directory(at: Array(first.dropLast(firstName.count).dropLast()))
        guard try parent.status(of: firstName).kind == .file else {
            throw PathRules.malformed(entry.path, "is a hard link to something that is no file")
        }
        try directory.makeHardLink(name, to: firstName, in: parent)
    }

    /// Ends directories until the one being filled is that of `path`.
    private func climb(toParentOf path: [UInt8], nameLength: Int) throws {
        let parent = path.dropLast(nameLength).dropLast()
        while !open.isEmpty, chain.path[...] != parent { try leave() }
        guard chain.path[...] == parent else {
            throw PathRules.malformed(path, "stands before, or without, the directory that holds it")
        }
    }

    private func leave() throws(CallFailure) {
        var directory = open.removeLast()
        directory.path = chain.path
        try settle(directory, [], in: chain.current())
        chain.leave()
    }

    private func settle(_ entry: MediaEntry, _ name: [UInt8], in handle: MediaHandle) throws(CallFailure) {
        var opened = entry
        if !isRoot, case .directory = entry.kind, entry.mode & 0o500 != 0o500 {
            // Hard links may still lead into it.
            shut.append((entry.path, entry.mode, entry.modified))
            opened.mode |= 0o700
        }
        try metadata.apply(opened, to: name, in: handle) { warn(entry, $0) }
    }

    private func finish(_ root: MediaEntry) throws {
        do {
            while !open.isEmpty { try leave() }
            for directory in shut.reversed() {
                let handle = try staging.tree.handle.directory(at: directory.path)
                try handle.setMode(directory.mode, of: [])
                try handle.setModified(directory.modified, of: [])
            }
            // One call instead of two for each of many thousand files. The staging directory was opened before anything
            // was written, so an error in writing any of it back is reported here (Linux 5.8 and later).
            try staging.handle.syncFileSystem()
            // Only now: a staged tree that has this record is whole, also after a power cut.
            try StagedRoot(RootMetadata(root)).write(in: staging)
        } catch {
            throw error.error("finish", chain.path)
        }
        progress(writtenBytes, items)
    }

    private func warn(_ entry: MediaEntry, _ text: String) {
        outcome.warnings.add("\(String.printable(path: entry.path)) \(text).")
    }
}
