import HoldfastArchive
package import HoldfastModel

/// Captures a tree: what is unchanged since an earlier capture keeps its chunks without being read, the rest is read.
///
/// Memory is that of the walk, whatever the number of files.
package final class MediaCapture {
    /// Bytes read from the tree and entries passed, from the beginning of the pass.
    package typealias ProgressReport = (_ bytes: Int64, _ items: Int64) -> Void

    package struct Outcome: Sendable {
        package var counts = MediaCounts()
        package var readBytes: Int64 = 0
        package var readFiles: Int64 = 0
        package var reusedFiles: Int64 = 0
        package var warnings = Warnings()
    }

    /// A file that changes each time is read this often.
    static let attempts = 3
    private static let batch = 256

    private let tree: any MediaTree
    private let store: any ChunkStore
    private let sink: any EntrySink
    private let fullRead: Bool
    private let progress: ProgressReport
    var outcome = Outcome()
    private var items: Int64 = 0
    /// Files that other names refer to and that could not be captured under their own: where they were instead.
    private var moved: [[UInt8]: [UInt8]?] = [:]

    /// `fullRead` reads everything, for those who distrust the file system's times.
    package init(
        tree: any MediaTree, store: any ChunkStore, sink: any EntrySink, fullRead: Bool = false,
        progress: @escaping ProgressReport = { _, _ in }
    ) {
        self.tree = tree
        self.store = store
        self.sink = sink
        self.fullRead = fullRead
        self.progress = progress
    }

    /// Captures the tree as it is.
    ///
    /// `previous` are the entries of the service's previous backup and `previousStart` when that began.
    package func capture(
        since previous: (any EntrySource)? = nil, startedAt previousStart: Timestamp? = nil
    ) async throws -> Outcome {
        let cursor = EntryCursor(previous)
        let test = fullRead ? nil : previousStart.map(UnchangedTest.init)
        return try await pass { walk, walked in
            try await cursor.skip(before: walked.entry.path)
            // What an earlier version held, or what was gone, is no description of what is there now.
            let candidates = try await cursor.take(at: walked.entry.path).filter {
                $0.flags.isDisjoint(with: [.earlier, .vanished])
            }
            guard let entry = try await self.content(of: walked, candidates.last, test, isStored: false, walk) else {
                return
            }
            try await self.add(entry)
        }
    }

    /// Walks the tree, giving every entry to `visit`, with a progress report at each batch.
    func pass(
        visit: (any MediaWalk, WalkedEntry) async throws -> Void, atEnd: () async throws -> Void = {}
    ) async throws -> Outcome {
        outcome = Outcome()
        items = 0
        moved = [:]
        let walk = try tree.walk()
        while true {
            let entries = try walk.next(max: Self.batch)
            if entries.isEmpty { break }
            for entry in entries { try await visit(walk, entry) }
            progress(outcome.readBytes, items)
        }
        try await atEnd()
        outcome.warnings.add(walk.warnings)
        progress(outcome.readBytes, items)
        return outcome
    }

    func add(_ entry: MediaEntry) async throws {
        try await sink.add(entry)
        outcome.counts.add(entry)
        items += 1
    }

    /// The entry with its content, reused or read; nil, with a warning, where there is none to be had.
    ///
    /// `isStored` says that the previous entry is of this same backup, so that its chunks need not be asked for.
    func content(
        of walked: WalkedEntry, _ previous: MediaEntry?, _ test: UnchangedTest?, isStored: Bool, _ walk: any MediaWalk
    ) async throws -> MediaEntry? {
        switch walked.entry.kind {
        case .file: break
        case .hardLink(let first):
            switch moved[first] {
            case nil: return walked.entry
            case .some(.some(let other)):
                var entry = walked.entry
                entry.kind = .hardLink(first: other)
                return entry
            case .some(.none):
                // The name it was to be a link to was not captured, so this one takes its place.
                let entry = try await read(walked, walk)
                if entry != nil { moved[first] = .some(walked.entry.path) }
                return entry
            }
        default: return walked.entry
        }
        if let previous, let test, test.isUnchanged(walked.entry, since: previous),
            case .file(let size, let extents, let chunks) = previous.kind
        {
            let isThere = isStored ? true : try await store.reuse(chunks)
            if isThere {
                var entry = walked.entry
                entry.kind = .file(size: size, extents: extents, chunks: chunks)
                outcome.reusedFiles += 1
                return entry
            }
        }
        let entry = try await read(walked, walk)
        // Other names of the file that was walked must not become names of another one.
        if walked.links > 1, entry?.inode != walked.entry.inode { moved[walked.entry.path] = .some(nil) }
        return entry
    }

    private func read(_ walked: WalkedEntry, _ walk: any MediaWalk) async throws -> MediaEntry? {
        var unsettled: MediaEntry?
        for _ in 0..<Self.attempts {
            let reading = try await walk.read(walked) { bytes in
                try await store.store(bytes)
                outcome.readBytes += Int64(bytes.count)
                if bytes.count >= 1 << 20 { progress(outcome.readBytes, items) }
            }
            let chunks = try await store.endOfFile()
            switch reading {
            case .settled(let entry):
                outcome.readFiles += 1
                return entry.holding(chunks)
            case .changed(let entry): unsettled = entry.holding(chunks)
            case .vanished:
                warn(walked.entry.path, "vanished before it could be read")
                return nil
            case .unreadable(let reason):
                warn(walked.entry.path, reason)
                return nil
            }
        }
        outcome.readFiles += 1
        warn(
            walked.entry.path,
            "changed each of the \(Self.attempts) times it was read; its content may be of no single instant")
        unsettled?.flags.insert(.unsettled)
        return unsettled
    }

    func warn(_ path: [UInt8], _ text: String) {
        outcome.warnings.add("\(path.isEmpty ? "The tree's root" : String.printable(path: path)) \(text).")
    }
}

extension MediaEntry {
    fileprivate func holding(_ chunks: [ChunkReference]) -> MediaEntry {
        guard case .file(let size, let extents, _) = kind else { return self }
        var entry = self
        entry.kind = .file(size: size, extents: extents, chunks: chunks)
        return entry
    }
}
