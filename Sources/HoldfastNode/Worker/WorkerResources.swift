package import HoldfastArchive
package import HoldfastModel
package import HoldfastPostgres
import HoldfastWire

/// What a node's worker works with. Whatever leaves the process goes through one of these.
package struct WorkerResources: Sendable {
    package var store: ObjectStore
    package var peers: any PeerCalls
    package var disk: any Disk
    package var indexFiles: any IndexFiles
    package var databases: any DatabaseServer
    package var databaseHosts: DatabaseHosts
    package var mediaRoots: MediaRoots
    package var time: any TimeSource
    package var entropy: any Entropy
    package var archive = ArchiveConfiguration()
    /// What goes to storage, and what comes from it; nil for as fast as it goes.
    package var sending: Bandwidth?
    package var receiving: Bandwidth?
    /// What is run before and after backups; nil for nothing.
    package var hooks: BackupHooks?

    package init(
        store: ObjectStore, peers: any PeerCalls, disk: any Disk, indexFiles: any IndexFiles,
        databases: any DatabaseServer, databaseHosts: DatabaseHosts, mediaRoots: MediaRoots, time: any TimeSource,
        entropy: any Entropy
    ) {
        self.store = store
        self.peers = peers
        self.disk = disk
        self.indexFiles = indexFiles
        self.databases = databases
        self.databaseHosts = databaseHosts
        self.mediaRoots = mediaRoots
        self.time = time
        self.entropy = entropy
    }

    /// - Parameter meter: counts what moves.
    func router(
        _ project: ProjectID, _ terms: PlacementTerms, _ meter: ProgressMeter? = nil
    ) -> ObjectRouter {
        let road = Road(sending: sending, receiving: receiving) { [meter] in meter?.moved($0) }
        return ObjectRouter(project: project, terms: terms, store: store, peers: peers, road: road)
    }

    /// How to get into the target's database.
    /// - Throws: `notAllowedHere`; `invalidArgument` where the target is no database.
    func login(_ target: ServiceTarget) throws(HoldfastError) -> DatabaseLogin {
        guard case .database(let address, let password) = target.location else { throw Self.wrongLocation(target) }
        try databaseHosts.allow(address)
        return DatabaseLogin(address: address, password: password)
    }

    /// The target's media tree, opened.
    func root(_ target: ServiceTarget) throws -> MediaDirectory {
        guard case .media(let path) = target.location else { throw Self.wrongLocation(target) }
        return try mediaRoots.open(path)
    }

    static func wrongLocation(_ target: ServiceTarget) -> HoldfastError {
        HoldfastError(.invalidArgument, "\(target.service) does not lie where a service of its kind does")
    }
}
