/// What a collection gave back.
package struct CollectReport: Hashable, Codable, Sendable {
    /// Backups that were removed.
    package var backups = 0
    /// Objects that were deleted; each copy counts.
    package var objects = 0
    /// Bytes that were given back; each copy counts.
    package var bytes: Int64 = 0
    package var nodes: [Share] = []
    /// Nil where no shard was rewritten.
    package var rewriting: Rewriting?
    /// Backups whose manifests lie on nodes and that the catalog does not know. They are kept.
    package var unknown: [BackupID] = []
    /// What could not be done, and is done by a later collection.
    package var problems: [String] = []

    package init() {}

    package struct Share: Hashable, Codable, Sendable {
        package var node: NodeID
        package var objects: Int
        package var bytes: Int64

        package init(node: NodeID, objects: Int, bytes: Int64) {
            self.node = node
            self.objects = objects
            self.bytes = bytes
        }
    }

    /// Shards of which little was needed, and what became of that.
    package struct Rewriting: Hashable, Codable, Sendable {
        package var shards = 0
        /// About what was stored in them in vain; one copy counts.
        package var deadBytes: Int64 = 0
        /// What was stored in new shards for them; one copy counts.
        package var copiedBytes: Int64 = 0
        /// The lists that say where backups find their content now.
        package var lists = 0
        /// There is more to rewrite, for a later collection.
        package var isPartial = false

        package init() {}
    }

    package mutating func add(_ share: Share) {
        nodes.append(share)
        objects += share.objects
        bytes += share.bytes
    }
}
