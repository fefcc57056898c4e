package import HoldfastModel

/// A node that has just connected says who and where it is.
package struct RegisterNode: Message {
    package static let name = "register-node"

    package var node: NodeID
    package var softwareVersion: String
    package var address: String?
    /// What the node is called, where it is and its share: for a coordinator that has lost its catalog.
    package var name: Name?
    package var region: Name?
    package var weight: Double?
    /// The highest epoch that it has obeyed, and the highest layout that it has heard of.
    package var epoch: Epoch?
    package var layout: UInt64?

    package init(
        node: NodeID, softwareVersion: String, address: String?, name: Name? = nil, region: Name? = nil,
        weight: Double? = nil, epoch: Epoch? = nil, layout: UInt64? = nil
    ) {
        self.node = node
        self.softwareVersion = softwareVersion
        self.address = address
        self.name = name
        self.region = region
        self.weight = weight
        self.epoch = epoch
        self.layout = layout
    }

    package struct Reply: Codable, Sendable {
        package var epoch: Epoch
        package var heartbeatSeconds: Int

        package init(epoch: Epoch, heartbeatSeconds: Int) {
            self.epoch = epoch
            self.heartbeatSeconds = heartbeatSeconds
        }
    }
}
