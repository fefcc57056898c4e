package import HoldfastArchive
package import HoldfastModel

/// Compares a staged tree with the manifest it was made from, by its own walk.
package final class MediaVerify {
    /// Whether bytes are those of a chunk, such as by naming them again.
    package typealias ContentTest = (_ chunk: ChunkReference, _ bytes: UnsafeRawBufferPointer) throws -> Bool

    package struct Outcome: Sendable {
        package static let listed = 10

        package var counts = MediaCounts()
        /// How many entries differ, and the first of them by name.
        package var differences = 0
        package var first: [String] = []
        /// What doesn't make the content another one: attributes that the file system can't hold.
        package var warnings = Warnings()

        package var isSame: Bool { differences == 0 }

        /// `checkFailed` where something differs.
        package func check() throws {
            if isSame { return }
            throw HoldfastError(
                .checkFailed,
                "The staged media tree is not what the backup holds; \(differences) difference(s): "
                    + first.joined(separator: "; ") + (differences > first.count ? "; …" : ""))
        }

        fileprivate mutating func differ(_ path: [UInt8], _ text: String) {
            differences += 1
            if first.count < Self.listed { first.append("\(String.printable(path: path)) \(text)") }
        }
    }

    private static let largestChunk = 64 << 20

    private let staging: MediaStaging
    private let adjustment: MediaAdjustment
    private let contentTest: ContentTest?
    private let progress: MediaCapture.ProgressReport
    private let isRoot: Bool
    private var outcome = Outcome()
    private var readBytes: Int64 = 0
    private var items: Int64 = 0
    private var buffer: [UInt8] = []
    private let walk: PosixMediaWalk

    /// With a `contentTest` every file is read; without, sizes are compared.
    package init(
        staging: MediaStaging, adjustment: MediaAdjustment, contentTest: ContentTest? = nil,
        progress: @escaping MediaCapture.ProgressReport = { _, _ in }
    ) {
        self.staging = staging
        self.adjustment = adjustment
        self.contentTest = contentTest
        self.progress = progress
        isRoot = staging.handle.isRoot
        self.walk = PosixMediaWalk(root: staging.tree.handle, keepsStagingDirectories: true)
    }

    private var found: [WalkedEntry] = []
    private var position = 0

    /// The walk's next entry that was not compared yet.
    private func head() throws -> WalkedEntry? {
        if position == found.count {
            found = try walk.next(max: 256)
            position = 0
            progress(readBytes, items)
        }
        return position < found.count ? found[position] : nil
    }

    /// Used once. `counts` are those captured with the backup, where it is of the same project.
    package func verify(_ entries: any EntrySource, counts: MediaCounts? = nil) async throws -> Outcome {
        while let entry = try await entries.next() {
            guard let wanted = adjustment.adjusted(entry) else { continue }
            while let there = try head(), MediaOrder.precedes(there.entry.path, wanted.path) {
                outcome.differ(there.entry.path, "is not in the backup")
                position += 1
            }
            guard let there = try head(), there.entry.path == wanted.path else {
                missing(wanted)
                continue
            }
            position += 1
            items += 1
            outcome.counts.add(there.entry)
            if wanted.path.isEmpty { continue }
            if let difference = try compare(wanted, there) { outcome.differ(wanted.path, difference) }
        }
        while let there = try head() {
            outcome.differ(there.entry.path, "is not in the backup")
            position += 1
        }
        if let counts, outcome.isSame, outcome.counts != counts, outcome.warnings.count == 0 {
            outcome.differ([], "the tree has \(outcome.counts.text), the backup \(counts.text)")
        }
        return outcome
    }

    private func missing(_ entry: MediaEntry) {
        switch entry.kind {
        case .characterDevice where !isRoot, .blockDevice where !isRoot:
            outcome.warnings.add("\(String.printable(path: entry.path)) is a device, which only root may make.")
        default: outcome.differ(entry.path, "is missing")
        }
    }

    /// What is different, if anything.
    private func compare(_ wanted: MediaEntry, _ walked: WalkedEntry) throws -> String? {
        let there = walked.entry
        switch (wanted.kind, there.kind) {
        case (.file(let size, let extents, let chunks), .file(let thereSize, _, _)):
            guard size == thereSize else { return "has \(thereSize) bytes instead of \(size)" }
            if contentTest != nil, let text = try read(walked, extents, chunks) { return text }
        // Of a captured link and its file either may have been missing; that they are one file again is what counts.
        case (.hardLink, .hardLink): break
        default:
            guard wanted.kind == there.kind else { return "is \(there.kind.text) instead of \(wanted.kind.text)" }
        }
        if case .symbolicLink = wanted.kind {
        } else if mode(wanted) != mode(there) {
            return "has mode \(String(there.mode, radix: 8)) instead of \(String(wanted.mode, radix: 8))"
        }
        if isRoot, wanted.owner != there.owner || wanted.group != there.group {
            return "belongs to \(there.owner):\(there.group) instead of \(wanted.owner):\(wanted.group)"
        }
        guard wanted.modified.isKept(as: there.modified) else { return "has another time" }
        for attribute in wanted.attributes where !there.attributes.contains(attribute) {
            outcome.warnings.add(
                "\(String.printable(path: wanted.path)) lacks its attribute \(String.printable(bytes: attribute.name))."
            )
        }
        return nil
    }

    private func mode(_ entry: MediaEntry) -> UInt16 { isRoot ? entry.mode : entry.mode & 0o1777 }

    private func read(
        _ walked: WalkedEntry, _ extents: [MediaEntry.Extent], _ chunks: [ChunkReference]
    ) throws -> String? {
        guard let directory = walked.directory else { return nil }
        do {
            let file = try directory.file(walked.name)
            var (index, done): (Int, UInt64) = (0, 0)
            for chunk in chunks {
                let length = Int(chunk.length)
                guard length <= Self.largestChunk else {
                    throw HoldfastError(
                        .malformed, "A manifest names a chunk of \(length) bytes, more than any can have.")
                }
                if buffer.count < length { buffer = [UInt8](repeating: 0, count: length) }
                var filled = 0
                while filled < length, index < extents.count {
                    let extent = extents[index]
                    let wanted = Int(min(extent.length - done, UInt64(length - filled)))
                    let count = try buffer.withUnsafeMutableBytes {
                        try file.read(
                            into: UnsafeMutableRawBufferPointer(rebasing: $0[filled..<(filled + wanted)]),
                            at: extent.offset + done)
                    }
                    guard count > 0 else { break }
                    filled += count
                    done += UInt64(count)
                    if done == extent.length { (index, done) = (index + 1, 0) }
                }
                readBytes += Int64(filled)
                let isSame = try buffer.withUnsafeBytes {
                    try contentTest?(chunk, UnsafeRawBufferPointer(rebasing: $0[..<filled]))
                }
                guard filled == length, isSame ?? true else { return "has other content" }
                try Task.checkCancellation()
            }
            return nil
        } catch let failure as CallFailure {
            guard failure.meansRefused, !isRoot else { throw failure.error("read", walked.entry.path) }
            outcome.warnings.add(
                "\(String.printable(path: walked.entry.path)) shuts the node's own user out; its content was not compared."
            )
            return nil
        }
    }
}

extension FileTime {
    /// Whether a file system that keeps times less exactly may have made `other` of this.
    fileprivate func isKept(as other: FileTime) -> Bool {
        guard seconds == other.seconds else { return false }
        let units: [UInt32] = [1, 100, 1000, 1_000_000, 1_000_000_000]
        return units.contains { other.nanoseconds == nanoseconds - nanoseconds % $0 }
    }
}

extension MediaEntry.Kind {
    fileprivate var text: String {
        switch self {
        case .directory: "a directory"
        case .file: "a file"
        case .symbolicLink(let target): "a symbolic link to '\(String.printable(bytes: target))'"
        case .hardLink(let first): "another name of '\(String.printable(bytes: first))'"
        case .fifo: "a FIFO"
        case .socket: "a socket"
        case .characterDevice: "a character device"
        case .blockDevice: "a block device"
        }
    }
}

extension MediaCounts {
    fileprivate var text: String {
        "\(files) files, \(directories) directories, \(symbolicLinks) symbolic links, \(hardLinks) hard links, "
            + "\(others) others, \(bytes) bytes"
    }
}
