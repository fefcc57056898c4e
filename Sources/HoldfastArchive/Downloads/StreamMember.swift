/// A stretch of a stream that is put together: bytes of its own, and content that lies in chunks.
package struct StreamMember: Hashable, Sendable {
    package enum Piece: Hashable, Sendable {
        case bytes([UInt8])
        case zeros(UInt64)
        /// The next so many bytes of the chunks.
        case stored(UInt64)
        /// So many bytes of the chunks that are not wanted.
        case dropped(UInt64)
        /// Nothing; whoever reads is told when everything before it was given.
        case mark

        package var byteCount: UInt64 {
            switch self {
            case .bytes(let bytes): UInt64(bytes.count)
            case .zeros(let count), .stored(let count): count
            case .dropped, .mark: 0
            }
        }
    }

    package var pieces: [Piece]
    /// Hold exactly what the pieces take of them.
    package var chunks: [ChunkReference]

    package init(pieces: [Piece], chunks: [ChunkReference] = []) {
        self.pieces = pieces
        self.chunks = chunks
    }

    package var byteCount: UInt64 { pieces.reduce(0) { $0 + $1.byteCount } }

    /// The part of it that lies in `range`, with no more chunks than that needs. Marks are left out.
    package func cut(to range: Range<UInt64>) -> StreamMember {
        var kept: [Piece] = []
        var (at, storedBefore, storedTaken) = (UInt64(0), UInt64(0), UInt64(0))
        var storedFrom: UInt64?
        for piece in pieces {
            let end = at + piece.byteCount
            let (from, to) = (max(at, range.lowerBound), min(end, range.upperBound))
            switch piece {
            case .bytes(let bytes) where from < to: kept.append(.bytes(Array(bytes[Int(from - at)..<Int(to - at)])))
            case .zeros where from < to: kept.append(.zeros(to - from))
            case .stored where from < to:
                storedFrom = storedFrom ?? storedBefore + from - at
                storedTaken += to - from
                kept.append(.stored(to - from))
            default: break
            }
            if case .stored(let count) = piece { storedBefore += count }
            at = end
        }
        guard let storedFrom else { return StreamMember(pieces: kept) }
        return StreamMember(pieces: kept, storedFrom: storedFrom, count: storedTaken, of: chunks)
    }

    /// - Parameter pieces: take `count` bytes of the chunks, from byte `storedFrom` on.
    private init(pieces: [Piece], storedFrom: UInt64, count: UInt64, of all: [ChunkReference]) {
        let storedEnd = storedFrom + count
        var chunks: [ChunkReference] = []
        var (offset, first, end) = (UInt64(0), storedFrom, storedEnd)
        for chunk in all {
            let next = offset + UInt64(chunk.length)
            if next > storedFrom, offset < storedEnd {
                if chunks.isEmpty { first = offset }
                end = next
                chunks.append(chunk)
            }
            offset = next
        }
        var pieces = pieces
        if first < storedFrom { pieces.insert(.dropped(storedFrom - first), at: 0) }
        if end > storedEnd { pieces.append(.dropped(end - storedEnd)) }
        self.init(pieces: pieces, chunks: chunks)
    }
}

extension StreamMember {
    /// So many bytes of a file from `offset` on, where its extents hold its chunks' bytes and the rest is holes.
    ///
    /// - Precondition: the range starts and ends outside of extents or at their ends.
    static func pieces(of extents: some Sequence<MediaEntry.Extent>, in range: Range<UInt64>) -> [Piece] {
        var pieces: [Piece] = []
        var at = range.lowerBound
        for extent in extents {
            if extent.offset > at { pieces.append(.zeros(extent.offset - at)) }
            if case .stored(let before) = pieces.last {
                pieces[pieces.count - 1] = .stored(before + extent.length)
            } else {
                pieces.append(.stored(extent.length))
            }
            at = extent.offset + extent.length
        }
        if at < range.upperBound { pieces.append(.zeros(range.upperBound - at)) }
        return pieces
    }
}
