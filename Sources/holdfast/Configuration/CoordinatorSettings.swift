import HoldfastModel
import HoldfastNode

/// What `coordinator.yaml` says.
struct CoordinatorSettings: ConfigurationFile, Equatable {
    static let what = "coordinator"
    typealias Key = CodingKeys

    enum CodingKeys: String, CodingKey, CaseIterable {
        case dataDirectory, listen, console, clusterKeyFile, clusterKeyCommand, mail, webhooks, http, auditDays
    }

    /// Catalog, certificates and keys.
    var dataDirectory: String
    /// Where nodes connect.
    var listen: NetworkAddress
    /// Where people and programs connect.
    var console: NetworkAddress
    /// The file with the cluster key; `cluster.key` in the data directory unless said otherwise.
    var clusterKeyFile: String?
    /// A program that prints the cluster key, for those who keep it elsewhere.
    var clusterKeyCommand: [String]?
    /// The server that takes mail; without it none is sent.
    var mail: MailSettings?
    /// How webhooks are told.
    var webhooks: WebhookSettings?
    /// Where browsers and other programs fetch downloads; nil serves none.
    var http: HTTPSettings?
    /// For how many days it stays known who changed what; 400 unless said otherwise.
    var auditDays: Int?
}
