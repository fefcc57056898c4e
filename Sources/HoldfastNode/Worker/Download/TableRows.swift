import HoldfastArchive
import HoldfastModel
import HoldfastPostgres

/// The rows of one table, out of the frames of a dump.
struct TableRows {
    /// Thrown to end a reading that has given all that is wanted.
    private struct Enough: Error {}

    let part: DownloadPart
    let layout: DownloadLayout
    let head: [UInt8]
    /// By bytes of rows: where in the dump a frame begins.
    let frames: Checkpoints<UInt64>

    /// Gives a range of the file: its head, then the rows.
    func read(
        _ range: Range<UInt64>, _ emit: @escaping (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        let range = range.clamped(to: 0..<max(layout.byteCount, range.lowerBound))
        let headEnd = UInt64(head.count)
        if range.lowerBound < headEnd, !range.isEmpty {
            try await emit(head[Int(range.lowerBound)..<Int(min(headEnd, range.upperBound))])
        }
        guard range.upperBound > headEnd, !range.isEmpty else { return }
        let wanted = max(range.lowerBound, headEnd) - headEnd..<range.upperBound - headEnd
        var given = wanted.lowerBound
        try await readRows(from: wanted.lowerBound) { at, rows, _ in
            let end = min(at + UInt64(rows.count), wanted.upperBound)
            if end > given {
                try await emit(rows[Int(given - at)..<Int(end - at)])
                given = end
            }
            return given < wanted.upperBound
        }
        guard given == wanted.upperBound else {
            throw HoldfastError(.corrupt, "The dump's block of the table is shorter than when it was prepared")
        }
    }

    /// Gives rows from the last known frame at or before `offset` on.
    ///
    /// - Parameter body: gets how many bytes of rows stand before these, the rows, and where in the dump a frame begins with
    ///   how many bytes of rows before it. Returns whether it wants more.
    func readRows(
        from offset: UInt64,
        _ body: @escaping (UInt64, [UInt8], (rows: UInt64, dump: UInt64)?) async throws -> Bool
    ) async throws {
        guard let start = frames.place(before: offset) else {
            throw HoldfastError(.corrupt, "The download doesn't say where the table begins: prepare it again")
        }
        // The first place is the block's own beginning.
        let isBlock = start == frames.places.first
        let base = start.mark
        var reader = CopyFrames(from: isBlock ? nil : CopyFrames.Place(block: 0, rows: start.offset))
        var at = start.offset
        let total = part.manifest.referencedBytes
        do {
            try await part.stream(layout).readDump(base..<max(base, total)) { bytes in
                var rows: [UInt8] = []
                let place = try reader.consume(bytes, into: &rows)
                let known = place.map { (rows: $0.rows, dump: base + $0.block) }
                let goesOn = try await body(at, rows, known)
                at += UInt64(rows.count)
                if reader.isOver || !goesOn { throw Enough() }
            }
        } catch is Enough {}
    }
}
