/// Which node in which region acknowledged how much of a backup as durable and held, at its completion.
package struct Receipt: Hashable, Codable, Sendable {
    package var layout: UInt64
    package var heldUntil: Timestamp
    /// How many objects (shards, manifests, reference lists) the backup refers to.
    package var objects: Int
    package var holdings: [Holding]
    /// How many of the objects had fewer copies than the policy asks, and as many as it lets a degraded backup have; nil for
    /// none.
    package var degradedObjects: Int?
    /// Until when nodes give nothing of it up, whoever asks; nil for no lock.
    package var lockedUntil: Timestamp?

    package init(
        layout: UInt64, heldUntil: Timestamp, objects: Int, holdings: [Holding], degradedObjects: Int? = nil,
        lockedUntil: Timestamp? = nil
    ) {
        self.layout = layout
        self.heldUntil = heldUntil
        self.objects = objects
        self.holdings = holdings
        self.degradedObjects = degradedObjects
        self.lockedUntil = lockedUntil
    }

    package func isLocked(at now: Timestamp) -> Bool { lockedUntil.map { now < $0 } ?? false }

    package var isDegraded: Bool { degradedObjects ?? 0 > 0 }

    package struct Holding: Hashable, Codable, Sendable {
        package var node: NodeID
        package var region: Name
        package var objects: Int
        package var bytes: Int64

        package init(node: NodeID, region: Name, objects: Int, bytes: Int64) {
            self.node = node
            self.region = region
            self.objects = objects
            self.bytes = bytes
        }
    }
}
