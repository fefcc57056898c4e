package import HoldfastModel

/// What a node is told by its own configuration file, and by nobody else.
package struct NodeConfiguration: Hashable, Codable, Sendable {
    package var name: Name
    /// Where it is, and its share of the data relative to other nodes.
    package var region: Name?
    package var weight: Double?
    package var dataDirectory: String
    /// What else on this machine is Holdfast's own, and therefore no media: the coordinator's directory of a one-process
    /// cluster.
    package var ownDirectories: [String]
    /// The directories that media services may lie in.
    package var mediaRoots: [String]
    /// The database servers that may be reached: `host`, for every port, or `host:port`.
    package var databaseHosts: [String]
    /// Further places of `pg_dump` and `pg_restore`.
    package var toolDirectories: [String]
    package var coordinators: [NetworkAddress]
    /// Where other nodes reach this one; nil where it only dials.
    package var listen: NetworkAddress?
    /// Where others are told to reach it, if that differs from `listen`.
    package var advertised: NetworkAddress?
    /// Bytes of the disk that stay free; nil is the larger of 1 GiB and 2 %.
    package var reserveBytes: Int64?

    package init(
        name: Name, dataDirectory: String, ownDirectories: [String] = [], mediaRoots: [String] = [],
        databaseHosts: [String] = [], toolDirectories: [String] = [], coordinators: [NetworkAddress],
        listen: NetworkAddress? = nil, advertised: NetworkAddress? = nil, reserveBytes: Int64? = nil,
        region: Name? = nil, weight: Double? = nil
    ) {
        self.name = name
        self.region = region
        self.weight = weight
        self.dataDirectory = dataDirectory
        self.ownDirectories = ownDirectories
        self.mediaRoots = mediaRoots
        self.databaseHosts = databaseHosts
        self.toolDirectories = toolDirectories
        self.coordinators = coordinators
        self.listen = listen
        self.advertised = advertised
        self.reserveBytes = reserveBytes
    }
}
