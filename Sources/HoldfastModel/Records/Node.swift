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
    /// Since when it is being drained: it is read from and given nothing. Nil for one that stays.
    package var leavingSince: Timestamp?
    /// What was stored there then.
    package var leavingBytes: Int64?
    /// Until when nobody is surprised that it is away: what it holds is not copied elsewhere, and it is given nothing. Nil
    /// for now.
    package var maintenanceUntil: Timestamp?

    package init(id: NodeID, name: Name, region: Name, address: String?, weight: Double, joinedAt: Timestamp) {
        self.id = id
        self.name = name
        self.region = region
        self.address = address
        self.weight = weight
        self.joinedAt = joinedAt
    }

    package func isInMaintenance(at now: Timestamp) -> Bool { maintenanceUntil.map { now < $0 } ?? false }
}
