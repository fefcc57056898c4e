import HoldfastModel

/// The rules that entries must keep, the same for writing and reading.
struct MediaSequence {
    /// The directory that the last entry lies in, or is, and how much of that path each directory down to it takes: a
    /// deep chain would be large by its paths.
    private var directory: [UInt8] = []
    private var lengths: [Int] = []
    private var last: (path: [UInt8], flags: MediaEntry.Flags)?
    private(set) var entries: UInt64 = 0
    private(set) var references: UInt64 = 0
    private(set) var referencedBytes: UInt64 = 0

    /// Nil if `entry` may come next, else the rule it breaks.
    mutating func accept(_ entry: MediaEntry) -> String? {
        guard MediaPath.isValid(entry.path) else { return "a path that no directory can hold" }
        if let broken = brokenOrder(entry) ?? brokenContent(entry) { return broken }
        if case .directory = entry.kind, directory != entry.path {
            directory = entry.path
            lengths.append(entry.path.count)
        }
        entries += 1
        if case .file(_, _, let chunks) = entry.kind {
            references += UInt64(chunks.count)
            for chunk in chunks { referencedBytes += UInt64(chunk.length) }
        }
        last = (entry.path, entry.flags)
        return nil
    }

    private mutating func brokenOrder(_ entry: MediaEntry) -> String? {
        if let last, !MediaOrder.precedes(last.path, entry.path) {
            // The content before the snapshot stands right after the later one.
            guard last.path == entry.path, entry.flags.contains(.earlier), !last.flags.contains(.earlier) else {
                return "entries out of order"
            }
        }
        if entry.path.isEmpty {
            guard case .directory = entry.kind else { return "a root that is no directory" }
            return nil
        }
        // An earlier version of a directory stands right after it.
        if directory == entry.path { return nil }
        let parent = MediaPath.parent(entry.path)
        while let length = lengths.last, directory[..<length] != parent { lengths.removeLast() }
        directory.removeSubrange((lengths.last ?? 0)...)
        return directory[...] == parent ? nil : "an entry whose directory is missing"
    }

    private func brokenContent(_ entry: MediaEntry) -> String? {
        guard entry.mode & ~0o7777 == 0, entry.modified.nanoseconds < 1_000_000_000,
            entry.changed.nanoseconds < 1_000_000_000, entry.flags.rawValue & ~7 == 0
        else { return "impossible attributes" }
        for attribute in entry.attributes where attribute.name.isEmpty || attribute.name.contains(0) {
            return "an extended attribute without a name"
        }
        switch entry.kind {
        case .file(let size, let extents, let chunks): return brokenFile(size, extents, chunks)
        case .symbolicLink(let target):
            return target.isEmpty || target.contains(0) ? "a symbolic link to nothing" : nil
        case .hardLink(let first):
            let valid = !first.isEmpty && MediaPath.isValid(first) && MediaOrder.precedes(first, entry.path)
            return valid ? nil : "a hard link to what doesn't stand before it"
        case .directory, .fifo, .socket, .characterDevice, .blockDevice: return nil
        }
    }

    private func brokenFile(_ size: UInt64, _ extents: [MediaEntry.Extent], _ chunks: [ChunkReference]) -> String? {
        guard size <= UInt64(Int64.max) else { return "an impossible size" }
        var (end, held) = (UInt64(0), UInt64(0))
        for extent in extents {
            guard extent.length > 0, extent.offset >= end, extent.offset <= size, extent.length <= size - extent.offset
            else { return "extents that overlap or don't fit the file" }
            end = extent.offset + extent.length
            held += extent.length
        }
        var chunked: UInt64 = 0
        for chunk in chunks {
            guard chunk.length > 0, Int(chunk.length) <= Limits.segmentBytes else { return "an impossible chunk" }
            chunked += UInt64(chunk.length)
        }
        return held == chunked ? nil : "chunks that don't fill a file's extents"
    }
}
