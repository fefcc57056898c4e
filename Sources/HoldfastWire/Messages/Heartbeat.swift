package import HoldfastModel

/// A node is alive, and has this much room.
package struct Heartbeat: Message {
    package static let name = "heartbeat"
    package typealias Reply = Done

    package var node: NodeID
    package var capacityBytes: Int64
    package var freeBytes: Int64
    package var objects: Int64
    package var storedBytes: Int64
    /// False while the node refuses writes: too full, or its disk failed.
    package var takesWrites: Bool
    /// Nil before the first scrub, and from nodes that don't tell.
    package var scrub: ScrubState?

    package init(
        node: NodeID, capacityBytes: Int64, freeBytes: Int64, objects: Int64, storedBytes: Int64, takesWrites: Bool,
        scrub: ScrubState? = nil
    ) {
        self.node = node
        self.capacityBytes = capacityBytes
        self.freeBytes = freeBytes
        self.objects = objects
        self.storedBytes = storedBytes
        self.takesWrites = takesWrites
        self.scrub = scrub
    }
}
