/// A storage process in a region, as the catalog knows it.
package struct Node: Hashable, Codable, Sendable {
    package var version = 1
    package var id: NodeID
    package var name: Name
    package var region: Name
    /// Where other nodes reach it, as `host:port`; nil behind NAT.
    package var address: String?
    package var weight: Double
    package var joinedAt: Timestamp
    /// True from its joining until it first registers. Until then it holds nothing, and another may join in its place: a
    /// join that is cut off leaves nobody behind. Nil afterwards.
    package var isAwaited: Bool?

    package init(id: NodeID, name: Name, region: Name, address: String?, weight: Double, joinedAt: Timestamp) {
        self.id = id
        self.name = name
        self.region = region
        self.address = address
        self.weight = weight
        self.joinedAt = joinedAt
    }
}
