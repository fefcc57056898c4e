/// The numbered list of the nodes that may hold objects. Every put and hold names the layout it was placed by.
package struct Layout: Hashable, Codable, Sendable {
    package var number: UInt64
    package var members: [Member]

    package init(number: UInt64, members: [Member]) {
        self.number = number
        self.members = members
    }

    package struct Member: Hashable, Codable, Sendable {
        package var node: NodeID
        package var region: Name
        /// The node's share relative to the others; usually its capacity in GiB. 0 for one that is leaving: it is read from,
        /// and given nothing.
        package var weight: Double
        /// Where other nodes reach it, as `host:port`.
        package var address: String

        package init(node: NodeID, region: Name, weight: Double, address: String) {
            self.node = node
            self.region = region
            self.weight = weight
            self.address = address
        }

        package var isLeaving: Bool { weight <= 0 }
    }
}
