package import HoldfastModel

/// A worker copies what is needed of mostly dead shards into new ones, and stores for each list that named such a shard
/// another that names the new ones instead. Nothing is deleted, and the old lists stay.
///
/// Bulk in are all reference lists of the project's backups, 77 bytes each: the list's name (32), the manifest's (32),
/// backup (12), and 1 where another list may take its place, else 0. Bulk out are the lists that were stored, 76 bytes
/// each: the name of the list whose place it may take (32), its own (32), backup (12).
package struct RewriteShards: Message {
    package static let name = "rewrite-shards"

    package var order: Order
    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var terms: PlacementTerms
    /// Stored bytes that may be copied.
    package var byteLimit: Int64
    /// Until when nodes hold the new shards, in the name of the job: lists are to name them by then.
    package var holdUntil: Timestamp

    package init(
        order: Order, project: ProjectID, keys: Secret, terms: PlacementTerms, byteLimit: Int64, holdUntil: Timestamp
    ) {
        self.order = order
        self.project = project
        self.keys = keys
        self.terms = terms
        self.byteLimit = byteLimit
        self.holdUntil = holdUntil
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var shards: Int
        package var deadBytes: Int64
        package var copiedBytes: Int64
        package var isPartial: Bool

        package init(shards: Int, deadBytes: Int64, copiedBytes: Int64, isPartial: Bool) {
            self.shards = shards
            self.deadBytes = deadBytes
            self.copiedBytes = copiedBytes
            self.isPartial = isPartial
        }
    }
}

/// A backup is no longer to hold the objects whose names (32 bytes each) follow as bulk. They stay where they are.
package struct ReleaseObjects: Message {
    package static let name = "release-objects"
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID
    package var backup: BackupID

    package init(order: Order, project: ProjectID, backup: BackupID) {
        self.order = order
        self.project = project
        self.backup = backup
    }
}

/// Deletes a reference list, in whose place another one of the same manifest comes: that follows as bulk and is stored here
/// first.
package struct ReplaceList: Message {
    package static let name = "replace-list"
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID
    /// The one that is deleted.
    package var superseded: ObjectName
    /// The coordinator's clock: a node whose own differs deletes nothing.
    package var now: Timestamp

    package init(order: Order, project: ProjectID, superseded: ObjectName, now: Timestamp) {
        self.order = order
        self.project = project
        self.superseded = superseded
        self.now = now
    }
}
