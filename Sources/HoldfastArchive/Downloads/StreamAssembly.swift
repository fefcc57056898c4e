import HoldfastModel

/// Gives the bytes of members, one after the other, with their chunks read ahead. Used once, by one task.
package final class StreamAssembly<Source: ObjectSource> {
    /// Own bytes of members that may lie behind a chunk that is still on its way.
    private static var queueLimit: Int { 1 << 20 }
    private static var zeroRun: Int { 256 << 10 }

    private let archive: ArchiveReader<Source>
    private let emit: (ArraySlice<UInt8>) async throws -> Void
    private let marked: () async throws -> Void
    private var queue: [StreamMember.Piece] = []
    /// Of the queue, those that are done with.
    private var done = 0
    private var queuedBytes = 0

    /// - Parameters:
    ///   - emit: gets the bytes in order.
    ///   - marked: called at each mark.
    package init(
        _ archive: ArchiveReader<Source>, emit: @escaping (ArraySlice<UInt8>) async throws -> Void,
        marked: @escaping () async throws -> Void = {}
    ) {
        self.archive = archive
        self.emit = emit
        self.marked = marked
    }

    /// - Parameter next: the next member, nil after the last; called some members ahead of what is given.
    package func run(_ next: () async throws -> StreamMember?) async throws {
        var ended = false
        while !ended {
            var chunks: ArraySlice<ChunkReference> = []
            try await archive.read(next: {
                while true {
                    if let chunk = chunks.popFirst() { return chunk }
                    // The chunks on their way come first; then the queue is empty.
                    if self.queuedBytes > Self.queueLimit { return nil }
                    guard let member = try await next() else {
                        ended = true
                        return nil
                    }
                    self.enqueue(member)
                    chunks = member.chunks[...]
                    try await self.giveOwn()
                }
            }) { _, bytes in try await self.give(stored: bytes) }
            try await giveOwn()
            guard done == queue.count else {
                throw HoldfastError(.corrupt, "A file's chunks are shorter than its manifest says.")
            }
        }
    }

    private func enqueue(_ member: StreamMember) {
        if done == queue.count { (queue, done) = ([], 0) }
        queue += member.pieces
        for case .bytes(let bytes) in member.pieces { queuedBytes += bytes.count }
    }

    /// Gives what stands before the next content of a chunk.
    private func giveOwn() async throws {
        while done < queue.count {
            switch queue[done] {
            case .bytes(let bytes):
                queuedBytes -= bytes.count
                try await emit(bytes[...])
            case .zeros(let count): try await give(zeros: count)
            case .mark: try await marked()
            case .stored(let count), .dropped(let count): if count > 0 { return }
            }
            done += 1
        }
    }

    private func give(zeros count: UInt64) async throws {
        let run = [UInt8](repeating: 0, count: Int(min(count, UInt64(Self.zeroRun))))
        var left = count
        while left > 0 {
            try Task.checkCancellation()
            let piece = run.prefix(Int(min(left, UInt64(run.count))))
            try await emit(piece)
            left -= UInt64(piece.count)
        }
    }

    private func give(stored bytes: ArraySlice<UInt8>) async throws {
        var rest = bytes
        while !rest.isEmpty {
            try await giveOwn()
            guard done < queue.count else {
                throw HoldfastError(.corrupt, "A file's chunks are longer than its manifest says.")
            }
            switch queue[done] {
            case .stored(let count):
                let piece = rest.prefix(Int(min(count, UInt64(rest.count))))
                queue[done] = .stored(count - UInt64(piece.count))
                rest = rest.dropFirst(piece.count)
                try await emit(piece)
            case .dropped(let count):
                let dropped = min(count, UInt64(rest.count))
                queue[done] = .dropped(count - dropped)
                rest = rest.dropFirst(Int(dropped))
            case .bytes, .zeros, .mark: break
            }
        }
        try await giveOwn()
    }
}
