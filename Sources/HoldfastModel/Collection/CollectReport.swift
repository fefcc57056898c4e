/// What a collection gave back.
package struct CollectReport: Hashable, Codable, Sendable {
    /// Backups that were removed.
    package var backups = 0
    /// Objects that were deleted; each copy counts.
    package var objects = 0
    /// Bytes that were given back; each copy counts.
    package var bytes: Int64 = 0
    package var nodes: [Share] = []
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

    package mutating func add(_ share: Share) {
        nodes.append(share)
        objects += share.objects
        bytes += share.bytes
    }
}
