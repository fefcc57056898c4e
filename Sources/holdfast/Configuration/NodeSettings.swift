import HoldfastModel
import HoldfastNode

/// What `node.yaml` says. Only this file decides what the node's worker may touch; nothing on the wire can widen it.
struct NodeSettings: ConfigurationFile, Equatable {
    static let what = "node"
    typealias Key = CodingKeys

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, region, dataDirectory, coordinators, listen, advertise, weight, mediaRoots
        case databaseHosts, toolDirectories, reserve, bandwidth, hooks, scrubDays
    }

    var name: Name
    var region: Name
    /// Shards, index, certificates.
    var dataDirectory: String
    var coordinators: [NetworkAddress]
    /// Where other nodes connect; a node that none needs to reach has no port.
    var listen: NetworkAddress?
    /// How other nodes reach `listen`, where that differs.
    var advertise: NetworkAddress?
    var weight: Double?
    /// Directories beneath which media trees may lie.
    var mediaRoots: [String]?
    /// `host` or `host:port` of the database servers that may be reached.
    var databaseHosts: [String]?
    /// Where `pg_dump` and `pg_restore` are looked for, before the places where Debian puts them.
    var toolDirectories: [String]?
    /// Room that is left free on the disk, such as `2GiB`.
    var reserve: ByteSize?
    /// How fast the worker may send to storage and read from it.
    var bandwidth: BandwidthSettings?
    /// What is run before and after backups.
    var hooks: [HookSettings]?
    /// Within how many days everything is read back from the disk; 30 unless said otherwise.
    var scrubDays: Int?

    /// - Throws: `invalidArgument` for a number of days that makes no sense.
    func scrubPeriod() throws -> Duration {
        guard let scrubDays else { return Scrubber.usualPeriod }
        guard (1...365).contains(scrubDays) else {
            throw HoldfastError(.invalidArgument, "The setting “scrubDays” is from 1 to 365")
        }
        return .seconds(scrubDays * 24 * 60 * 60)
    }
}
