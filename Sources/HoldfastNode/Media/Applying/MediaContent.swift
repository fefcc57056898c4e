package import HoldfastArchive

/// Where the content of files comes from in a restore.
package protocol MediaContent: AnyObject {
    /// Gives the chunks' bytes in order, in pieces of any size that are valid only during the call.
    func read(
        _ chunks: [ChunkReference], into body: (UnsafeRawBufferPointer) throws -> Void) async throws
}
