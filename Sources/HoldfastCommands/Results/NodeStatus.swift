package import HoldfastModel

package struct NodeStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case up, suspect, down
    }

    package var id: NodeID
    package var name: Name
    package var region: Name
    package var address: String?
    package var state: State
    package var lastSeen: Timestamp?
    package var capacityBytes: Int64?
    package var freeBytes: Int64?
    package var objects: Int64?
    package var storedBytes: Int64?
    package var takesWrites: Bool?
    package var weight: Double?
    /// Since when it is being drained; nil for one that stays.
    package var leavingSince: Timestamp?
    /// What was stored there then.
    package var leavingBytes: Int64?
    package var maintenanceUntil: Timestamp?
    package var scrub: ScrubState?

    package init(
        id: NodeID, name: Name, region: Name, address: String?, state: State, lastSeen: Timestamp? = nil,
        capacityBytes: Int64? = nil, freeBytes: Int64? = nil, objects: Int64? = nil, storedBytes: Int64? = nil,
        takesWrites: Bool? = nil, weight: Double? = nil, leavingSince: Timestamp? = nil,
        leavingBytes: Int64? = nil, maintenanceUntil: Timestamp? = nil, scrub: ScrubState? = nil
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.address = address
        self.state = state
        self.lastSeen = lastSeen
        self.capacityBytes = capacityBytes
        self.freeBytes = freeBytes
        self.objects = objects
        self.storedBytes = storedBytes
        self.takesWrites = takesWrites
        self.weight = weight
        self.leavingSince = leavingSince
        self.leavingBytes = leavingBytes
        self.maintenanceUntil = maintenanceUntil
        self.scrub = scrub
    }
}
