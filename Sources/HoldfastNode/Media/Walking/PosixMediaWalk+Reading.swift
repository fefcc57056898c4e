import Glibc
import HoldfastArchive
import HoldfastModel

extension PosixMediaWalk {
    /// Of a file in more pieces than this, the rest is read as if it had no holes: an entry's size stays bounded.
    private static let mostExtents = 65_536
    /// From this size the kernel is told how the file is read, and to forget its pages afterwards rather than the
    /// application's.
    private static let bigFile: UInt64 = 64 << 20

    func read(
        _ walked: WalkedEntry, into body: (UnsafeRawBufferPointer) async throws -> Void
    ) async throws -> MediaReading {
        guard let directory = walked.directory else { preconditionFailure("only files of this walk are read") }
        do {
            let file = try directory.file(walked.name)
            let before = try file.status()
            guard before.kind == .file else { return .unreadable("became something else than a file") }
            guard before.identity.device == walked.entry.device else {
                return .unreadable("moved to another file system")
            }
            let isBig = before.size >= Self.bigFile
            if isBig { file.calls.expectSequentialReading(of: file.number) }
            let mayHaveHoles = before.allocated < before.size
            let extents = mayHaveHoles ? try Self.extents(of: file, size: before.size) : Self.whole(before.size)
            let isWhole = try await read(file, extents, into: body)
            if isBig { file.calls.forgetPages(of: file.number) }
            let after = try file.status()
            var entry = walked.entry
            if after.changed != entry.changed || after.identity.inode != entry.inode {
                let attributes = try file.attributes(of: [])
                entry = after.entry(path: entry.path, kind: entry.kind, attributes: attributes)
            }
            entry.kind = .file(size: before.size, extents: extents, chunks: [])
            // The time of change covers size and content; the size is compared for file systems with coarse times.
            let isSame =
                isWhole && before.size == after.size && before.modified == after.modified
                && before.changed == after.changed
            return isSame ? .settled(entry) : .changed(entry)
        } catch let failure as CallFailure {
            // Too many open files and the like are this process's trouble, not the file's.
            guard failure.number != EMFILE, failure.number != ENFILE, failure.number != ENOMEM else {
                throw failure.error("read", walked.entry.path)
            }
            return failure.meansVanished ? .vanished : .unreadable("can't be read: \(failure.text)")
        }
    }

    /// False if the file ended before its size said. What is missing is handed out as zeros, so that the bytes match the
    /// extents.
    private func read(
        _ file: MediaHandle, _ extents: [MediaEntry.Extent], into body: (UnsafeRawBufferPointer) async throws -> Void
    ) async throws -> Bool {
        var isWhole = true
        for extent in extents {
            var offset = extent.offset
            let end = extent.offset + extent.length
            while offset < end {
                let wanted = Int(min(end - offset, UInt64(buffer.count)))
                var count = 0
                while count < wanted {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count..<wanted])
                    let read = try file.read(into: rest, at: offset + UInt64(count))
                    if read == 0 {
                        isWhole = false
                        for index in rest.indices { rest[index] = 0 }
                    }
                    count = read == 0 ? wanted : count + read
                }
                try await body(UnsafeRawBufferPointer(rebasing: buffer[..<wanted]))
                offset += UInt64(wanted)
                try Task.checkCancellation()
            }
        }
        return isWhole
    }

    private static func whole(_ size: UInt64) -> [MediaEntry.Extent] {
        size == 0 ? [] : [MediaEntry.Extent(offset: 0, length: size)]
    }

    private static func extents(of file: MediaHandle, size: UInt64) throws(CallFailure) -> [MediaEntry.Extent] {
        var extents: [MediaEntry.Extent] = []
        var offset: UInt64 = 0
        while offset < size {
            let start: UInt64
            do {
                start = try file.calls.nextData(in: file.number, from: offset)
            } catch {
                if error.number == ENXIO { break }
                // Where the file system can't tell, all is data.
                guard error.number == EINVAL || error.number == EOPNOTSUPP else { throw error }
                return whole(size)
            }
            guard start < size else { break }
            let hole = try file.calls.nextHole(in: file.number, from: start)
            let end = extents.count + 1 == mostExtents ? size : min(max(hole, start + 1), size)
            extents.append(MediaEntry.Extent(offset: start, length: end - start))
            offset = end
        }
        return extents
    }
}
