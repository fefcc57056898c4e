/// Content cut into chunks as it comes, in buffers of any size.
package struct ContentWriter {
    private let writer: ArchiveWriter
    private var chunker: Chunker
    /// The open chunk's bytes from earlier buffers.
    private var pending: [UInt8] = []
    private var references: [ChunkReference] = []

    init(writer: ArchiveWriter, chunker: Chunker) {
        self.writer = writer
        self.chunker = chunker
    }

    /// - Parameter bytes: must stay valid until this returns.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) async throws {
        var rest = bytes
        while !rest.isEmpty {
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(take(rest)))
            try await writer.sendFull()
        }
    }

    package mutating func write(_ bytes: [UInt8]) async throws { try await write(bytes[...]) }

    package mutating func write(_ bytes: ArraySlice<UInt8>) async throws {
        var rest = bytes
        while !rest.isEmpty {
            rest = rest.dropFirst(rest.withUnsafeBytes { take($0) })
            try await writer.sendFull()
        }
    }

    /// Ends the open chunk: what follows is cut as if it stood alone, so that a table or a file gives the same chunks
    /// wherever it lies.
    package mutating func cutHere() async throws {
        chunker.cut()
        guard !pending.isEmpty else { return }
        references.append(pending.withUnsafeBytes { writer.take($0) })
        pending.removeAll(keepingCapacity: true)
        try await writer.sendFull()
    }

    /// The chunks completed since the last call, for callers that must not keep them all.
    package mutating func takeReferences() -> [ChunkReference] {
        defer { references.removeAll(keepingCapacity: true) }
        return references
    }

    /// Ends the last chunk, and gives all chunks not taken yet. The writer can be used for the next file.
    package mutating func finish() async throws -> [ChunkReference] {
        try await cutHere()
        return takeReferences()
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let (count, ends) = chunker.scan(bytes)
        let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
        guard ends else {
            pending.append(contentsOf: piece)
            return count
        }
        if pending.isEmpty {
            references.append(writer.take(piece))
        } else {
            pending.append(contentsOf: piece)
            references.append(pending.withUnsafeBytes { writer.take($0) })
            pending.removeAll(keepingCapacity: true)
        }
        return count
    }
}
