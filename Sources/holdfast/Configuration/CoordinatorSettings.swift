import HoldfastCoordinator
import HoldfastModel
import HoldfastNode

/// What `coordinator.yaml` says.
struct CoordinatorSettings: ConfigurationFile, Equatable {
    static let what = "coordinator"
    typealias Key = CodingKeys

    enum CodingKeys: String, CodingKey, CaseIterable {
        case dataDirectory, listen, console, clusterKeyFile, clusterKeyCommand, mail, webhooks, http
        case limits, nodes, timeZone, auditDays
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
    /// How many jobs may be at work at the same time, and how long without moving a byte.
    var limits: LimitSettings?
    /// How long silent nodes are waited for.
    var nodes: WaitSettings?
    /// By whose clocks schedules run that name no zone, and by whose days retention goes where there is no schedule. UTC
    /// unless said otherwise.
    var timeZone: String?

    /// - Throws: `invalidArgument` for a zone that this machine doesn't know.
    func zone() throws -> String {
        guard let timeZone else { return ZoneRules.utc.name }
        guard ZoneRules.system(timeZone) != nil else {
            throw HoldfastError(
                .invalidArgument,
                """
                The setting “timeZone”: “\(timeZone.printable(limit: 60))” is no time zone: write one as in Europe/Zurich, \
                or UTC
                """)
        }
        return timeZone
    }
    /// For how many days it stays known who changed what; 400 unless said otherwise.
    var auditDays: Int?
}
