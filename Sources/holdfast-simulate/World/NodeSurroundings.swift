import HoldfastNode

/// What all nodes of a cluster have around them.
struct NodeSurroundings {
    var network: SimulatedNetwork
    var variant: Variant?
    var databases: DatabaseHosts
    var coordinators: [NetworkAddress]
}
