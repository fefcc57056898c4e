package import HoldfastModel

/// A node that has just connected says who and where it is.
package struct RegisterNode: Message {
    package static let name = "register-node"

    package var node: NodeID
    package var softwareVersion: String
    package var address: String?

    package init(node: NodeID, softwareVersion: String, address: String?) {
        self.node = node
        self.softwareVersion = softwareVersion
        self.address = address
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
