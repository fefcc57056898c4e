import HoldfastArchive
import HoldfastModel

/// Merges a walk with the entries of the pass before the database's snapshot.
final class SecondPass {
    private let capture: MediaCapture
    private let cursor: EntryCursor
    private let test: UnchangedTest
    /// Files of the first pass that are gone or changed, for their other names.
    private var superseded: [[UInt8]: MediaEntry] = [:]
    /// A directory of the first pass, with a slash, that is no directory any more.
    private var lost: [UInt8]?

    init(_ capture: MediaCapture, _ first: any EntrySource, _ firstStart: Timestamp) {
        self.capture = capture
        cursor = EntryCursor(first)
        test = UnchangedTest(start: firstStart)
    }

    func visit(_ walk: any MediaWalk, _ walked: WalkedEntry) async throws {
        try await cursor.skip(before: walked.entry.path, passing: keep)
        let earlier = try await cursor.take(at: walked.entry.path).first { !$0.flags.contains(.earlier) }
        guard let later = try await capture.content(of: walked, earlier, test, isStored: true, walk) else {
            guard let earlier else { return }
            // Seen by both walks, and gone or locked when it was to be read.
            if case .file = earlier.kind { superseded[earlier.path] = earlier }
            return try await keep(earlier)
        }
        try await capture.add(later)
        guard let earlier, !earlier.hasContent(of: later) else { return }
        if case .file = earlier.kind { superseded[earlier.path] = earlier }
        if case .directory = earlier.kind {
            lost = earlier.path + [UInt8(ascii: "/")]
            return capture.warn(
                earlier.path,
                "was a directory before the database's snapshot and none after it; what it held is missing")
        }
        var entry = earlier
        entry.flags.insert(.earlier)
        try await capture.add(entry)
    }

    func finish() async throws {
        try await cursor.skip(before: nil, passing: keep)
    }

    /// Keeps an entry of the first pass that has no successor.
    private func keep(_ earlier: MediaEntry) async throws {
        if let prefix = lost {
            if earlier.path.starts(with: prefix) {
                // Other names of it, elsewhere, are kept with its content.
                if case .file = earlier.kind { superseded[earlier.path] = earlier }
                return
            }
            lost = nil
        }
        var entry = earlier
        entry.flags.insert(.vanished)
        // A name of a file that has changed since keeps the content which that file had.
        if case .hardLink(let first) = entry.kind, let file = superseded[first] { entry.kind = file.kind }
        if entry.flags.contains(.unsettled) {
            capture.warn(
                entry.path, "changed while it was read and then vanished; its content may be of no single instant")
        }
        try await capture.add(entry)
    }
}

extension MediaEntry {
    /// Whether what this entry names is the same, whatever its mode, owner and times.
    fileprivate func hasContent(of other: MediaEntry) -> Bool {
        switch (kind, other.kind) {
        // Another name of one file has no content of its own; the file's stands where the file does.
        case (.hardLink, .hardLink): true
        default: kind == other.kind
        }
    }
}
