package import HoldfastModel

/// What an archive writer stored and relies on.
package struct ArchiveSummary: Sendable {
    /// Shards written, in order.
    package var shards: [ObjectName] = []
    /// Every shard that a chunk stored or reused lies in, sorted: what the reference list holds.
    package var referenced: [ObjectName] = []
    /// Plain bytes of chunks that were not there before.
    package var newBytes: Int64 = 0
    /// Bytes of the shards written.
    package var storedBytes: Int64 = 0
    /// Where the new chunks lie: to be merged into the project's index.
    package var entries: [IndexEntry] = []

    package init() {}
}
