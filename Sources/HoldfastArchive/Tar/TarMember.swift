/// An entry of media as it stands in a tar: its headers, its content, and zeros up to a multiple of 512 bytes.
///
/// What an entry becomes is fixed for each version of the layout: a prepared download is served from nothing else.
package enum TarMember {
    /// The version that is written. `docs/formats.md` says what belongs to it.
    package static let version: UInt16 = 1
    /// Two blocks of zeros end the archive.
    package static let ending = StreamMember(pieces: [.zeros(UInt64(2 * TarHeader.blockBytes))])
    /// From so many bytes of holes on, a file is stored as a sparse one.
    static let sparseFrom: UInt64 = 1 << 20

    /// Nil for what no tar holds: the root, an earlier version of a file, a socket.
    package static func member(of entry: MediaEntry) -> StreamMember? {
        guard isHeld(entry) else { return nil }
        var header = TarHeader(
            kind: .file, name: entry.path, mode: entry.mode, owner: entry.owner, group: entry.group,
            modified: entry.modified, attributes: entry.attributes)
        switch entry.kind {
        case .file(let size, let extents, let chunks): return file(&header, size, extents, chunks)
        case .directory:
            header.kind = .directory
            header.name.append(UInt8(ascii: "/"))
        case .symbolicLink(let target):
            header.kind = .symbolicLink
            header.target = target
        case .hardLink(let first):
            header.kind = .hardLink
            header.target = first
            // They are the first name's.
            header.attributes = []
        case .fifo: header.kind = .fifo
        case .characterDevice(let number):
            header.kind = .characterDevice
            header.device = numbers(number)
        case .blockDevice(let number):
            header.kind = .blockDevice
            header.device = numbers(number)
        case .socket: return nil
        }
        return StreamMember(pieces: [.bytes(header.bytes)])
    }

    package static func isHeld(_ entry: MediaEntry) -> Bool {
        if case .socket = entry.kind { return false }
        return !entry.path.isEmpty && !entry.flags.contains(.earlier)
    }

    /// The list of contents, with content that lies in `chunks`.
    package static func listing(
        name: [UInt8], modified: FileTime, byteCount: UInt64, chunks: [ChunkReference]
    ) -> StreamMember {
        let header = TarHeader(
            kind: .file, name: name, mode: 0o644, owner: 0, group: 0, size: byteCount,
            modified: FileTime(seconds: modified.seconds, nanoseconds: 0))
        return StreamMember(
            pieces: [.bytes(header.bytes), .stored(byteCount)] + padding(byteCount), chunks: chunks)
    }

    /// Of a file alone, without anything around it.
    package static func plainFile(
        size: UInt64, extents: [MediaEntry.Extent], chunks: [ChunkReference]
    ) -> StreamMember {
        StreamMember(pieces: StreamMember.pieces(of: extents, in: 0..<size), chunks: chunks)
    }

    /// Bytes of a file that are in no extent.
    package static func holes(_ size: UInt64, _ extents: [MediaEntry.Extent]) -> UInt64 {
        size - extents.reduce(0) { $0 + $1.length }
    }

    private static func file(
        _ header: inout TarHeader, _ size: UInt64, _ extents: [MediaEntry.Extent], _ chunks: [ChunkReference]
    ) -> StreamMember {
        guard holes(size, extents) >= sparseFrom else {
            header.size = size
            return StreamMember(
                pieces: [.bytes(header.bytes)] + StreamMember.pieces(of: extents, in: 0..<size) + padding(size),
                chunks: chunks)
        }
        return sparse(&header, size, extents, chunks)
    }

    /// GNU tar's format 1.0 for sparse files: a map in decimal digits, then the regions. GNU tar begins each region at a
    /// block, others put one right behind the other: regions of whole blocks are read alike by both.
    private static func sparse(
        _ header: inout TarHeader, _ size: UInt64, _ extents: [MediaEntry.Extent], _ chunks: [ChunkReference]
    ) -> StreamMember {
        let block = UInt64(TarHeader.blockBytes)
        var (map, pieces): ([String], [StreamMember.Piece]) = ([], [])
        var (index, regions, content) = (0, 0, UInt64(0))
        while index < extents.count {
            let start = extents[index].offset / block * block
            var end = start
            let first = index
            while index < extents.count, extents[index].offset / block * block <= end {
                let last = extents[index].offset + extents[index].length
                end = last > size / block * block ? size : (last + block - 1) / block * block
                index += 1
            }
            map += ["\(start)\n", "\(end - start)\n"]
            pieces += StreamMember.pieces(of: extents[first..<index], in: start..<end)
            content += end - start
            regions += 1
        }
        if (extents.last.map { $0.offset + $0.length } ?? 0) < size {
            // A hole at the end has no region that would say where the file ends.
            map += ["\(size)\n", "0\n"]
            regions += 1
        }
        let head = TarHeader.padded(Array(("\(regions)\n" + map.joined()).utf8))
        header.size = UInt64(head.count) + content
        header.sparse = (header.name, size)
        header.name = TarHeader.named("GNUSparseFile.0/", header.name)
        return StreamMember(
            pieces: [.bytes(header.bytes + head)] + pieces + padding(content), chunks: chunks)
    }

    private static func padding(_ count: UInt64) -> [StreamMember.Piece] {
        let zeros = TarHeader.padding(count)
        return zeros == 0 ? [] : [.zeros(UInt64(zeros))]
    }

    /// As Linux numbers devices.
    private static func numbers(_ device: UInt64) -> (major: UInt64, minor: UInt64) {
        ((device >> 8 & 0xfff) | (device >> 32 & ~0xfff), (device & 0xff) | (device >> 12 & 0xffff_ff00))
    }
}
