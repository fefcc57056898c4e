/// Which node in which region acknowledged how much of a backup as durable and held, at its completion.
package struct Receipt: Hashable, Codable, Sendable {
    package var layout: UInt64
    package var heldUntil: Timestamp
    /// How many objects (shards, manifests, reference lists) the backup refers to.
    package var objects: Int
    package var holdings: [Holding]

    package init(layout: UInt64, heldUntil: Timestamp, objects: Int, holdings: [Holding]) {
        self.layout = layout
        self.heldUntil = heldUntil
        self.objects = objects
        self.holdings = holdings
    }

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
