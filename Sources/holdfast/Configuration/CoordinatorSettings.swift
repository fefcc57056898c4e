import HoldfastModel

/// What `coordinator.yaml` says.
struct CoordinatorSettings: ConfigurationFile, Equatable {
    static let what = "coordinator"
    typealias Key = CodingKeys

    enum CodingKeys: String, CodingKey, CaseIterable {
        case dataDirectory, listen, console, clusterKeyFile, clusterKeyCommand
    }

    /// Catalog, certificates and keys.
    var dataDirectory: String
    /// Where nodes connect.
    var listen: SocketAddress
    /// Where people and programs connect.
    var console: SocketAddress
    /// The file with the cluster key; `cluster.key` in the data directory unless said otherwise.
    var clusterKeyFile: String?
    /// A program that prints the cluster key, for those who keep it elsewhere.
    var clusterKeyCommand: [String]?
}
