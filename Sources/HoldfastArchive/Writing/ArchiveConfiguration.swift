package import HoldfastModel

/// How the archive writer packs.
package struct ArchiveConfiguration: Sendable {
    /// Stored bytes at which a shard is finished.
    package var shardBytes = 24 << 20
    /// Plain bytes at which a segment is finished.
    package var segmentBytes = 1 << 20
    /// Segments compressed at the same time.
    package var compressors = 4
    /// Finished shards being put while the next is built.
    package var putsInFlight = 1
    /// Shards that refused a hold: what they have is stored again.
    package var distrusted: Set<ObjectName> = []

    package init() {}
}
