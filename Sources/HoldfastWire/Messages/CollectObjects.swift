package import HoldfastModel

/// Stores the tombstones that follow as bulk, and gives up what their backups held. From the reply on nothing is held for
/// these backups any more, and nothing can be.
package struct BuryBackups: Message {
    package static let name = "bury-backups"
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
    }
}

/// Condemns the shards whose names (32 bytes each) follow as bulk: they go on being read, and refuse holds. Those that
/// are held now come back in the same form and are not condemned.
package struct CondemnShards: Message {
    package static let name = "condemn-shards"

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var condemned: Int

        package init(condemned: Int) { self.condemned = condemned }
    }
}

/// Takes back that the shards, named as bulk, were condemned.
package struct SpareShards: Message {
    package static let name = "spare-shards"
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
    }
}

/// Deletes manifests and reference lists of backups with a tombstone here, then those of the shards, named as bulk, that
/// are condemned here. What is held stays.
package struct DeleteObjects: Message {
    package static let name = "delete-objects"

    package var order: Order
    package var project: ProjectID
    /// The coordinator's clock: a node whose own differs deletes nothing.
    package var now: Timestamp

    package init(order: Order, project: ProjectID, now: Timestamp) {
        self.order = order
        self.project = project
        self.now = now
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var objects: Int
        package var bytes: Int64
        /// Objects that are held, and stay.
        package var held: Int

        package init(objects: Int, bytes: Int64, held: Int) {
            self.objects = objects
            self.bytes = bytes
            self.held = held
        }
    }
}
