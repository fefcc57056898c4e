package import HoldfastArchive

/// Where captured content goes: one file after the other.
package protocol ChunkStore: AnyObject {
    /// More of the present file's content. The bytes are valid only during the call.
    func store(_ bytes: UnsafeRawBufferPointer) async throws
    /// Ends the present file, which may have been empty, and gives its chunks.
    func endOfFile() async throws -> [ChunkReference]
    /// Whether all of these are stored already and may be referred to; if not, the file is read.
    func reuse(_ chunks: [ChunkReference]) async throws -> Bool
}

/// Where entries go, in the order of a manifest: `MediaOrder`, and an `.earlier` one right after the later of the same path.
package protocol EntrySink: AnyObject {
    func add(_ entry: MediaEntry) async throws
}

/// Where entries come from, in the order of a manifest. Nil at the end.
package protocol EntrySource: AnyObject {
    func next() async throws -> MediaEntry?
}
