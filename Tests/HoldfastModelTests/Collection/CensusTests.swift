import HoldfastModel
import Testing

@Suite struct CensusTests {
    private let node: NodeID
    private let project: ProjectID
    private let backup: Backup
    private let manifest = objectName(1)

    init() throws {
        (node, project) = (try identifier(1), try identifier(2))
        var backup = Backup(
            id: try identifier(3), project: project, environment: try EnvironmentReference("shop/live"),
            job: try identifier(4), trigger: .onDemand, services: [], note: nil, author: "anna",
            createdAt: Timestamp(milliseconds: 0))
        backup.state = .complete
        backup.parts = [
            BackupPart(
                service: try ServiceReference("media"), manifest: manifest, references: objectName(2),
                startedAt: Timestamp(milliseconds: 0), endedAt: Timestamp(milliseconds: 0), sizes: PartSizes(),
                counts: .media(MediaCounts()), warnings: Warnings())
        ]
        self.backup = backup
    }

    private var census: Census {
        var census = Census()
        census.manifests = [manifest: backup.id]
        census.listed = [manifest]
        census.lists = [objectName(2)]
        census.referenced = [objectName(10), objectName(11)]
        census.shares[node] = Census.Share(
            shards: [objectName(10), objectName(11), objectName(12), objectName(13)],
            condemned: [objectName(11), objectName(13)])
        return census
    }

    @Test func whatNoListNamesMayGo() {
        #expect(census.unreferenced(on: node) == [objectName(12), objectName(13)])
        #expect(census.rightlyCondemned(on: node) == [objectName(13)])
        #expect(census.wronglyCondemned(on: node) == [objectName(11)])
        #expect(census.fault(backups: [backup], removed: []) == nil)
    }

    @Test func aLiveBackupWithoutAListStopsAll() {
        var census = census
        census.listed = []
        #expect(census.fault(backups: [backup], removed: [])?.code == .corrupt)
        // Also one that the catalog lacks,
        #expect(census.fault(backups: [], removed: [])?.code == .corrupt)
        // and one whose manifest has gone, too.
        census.manifests = [:]
        #expect(census.fault(backups: [backup], removed: [])?.code == .corrupt)
        #expect(census.fault(backups: [backup], removed: [backup.id]) == nil)
    }

    /// Another one may be what an attempt to move the content left.
    @Test func theListThatTheCatalogNamesHasToBeThere() {
        var census = census
        census.lists = [objectName(3)]
        #expect(census.fault(backups: [backup], removed: [])?.code == .corrupt)
        #expect(census.fault(backups: [backup], removed: [backup.id]) == nil)
    }

    /// Deleted softly: somebody may have it back.
    @Test func aDeletedBackupCountsUntilItIsRemoved() {
        var (census, backup) = (census, backup)
        backup.state = .deleted
        census.listed = []
        #expect(census.fault(backups: [backup], removed: [])?.code == .corrupt)
    }

    @Test(arguments: [Backup.State.running, .failed, .cancelled])
    func whatNeverBecameABackupStopsNothing(_ state: Backup.State) {
        var (census, backup) = (census, backup)
        backup.state = state
        backup.parts = []
        census.listed = []
        #expect(census.fault(backups: [backup], removed: []) == nil)
    }

    @Test func whatTheCatalogLacksIsTold() {
        #expect(census.unknown(known: [], removed: []) == [backup.id])
        #expect(census.unknown(known: [backup.id], removed: []) == [])
        #expect(census.unknown(known: [], removed: [backup.id]) == [])
    }

    @Test func whenABackupIsDead() {
        let now = Timestamp(milliseconds: 1000)
        var backup = backup
        #expect(!backup.isDead(at: now))
        (backup.state, backup.deletedAt) = (.deleted, Timestamp(milliseconds: 500))
        #expect(backup.isDead(at: now))
        backup.removableAt = Timestamp(milliseconds: 1001)
        #expect(!backup.isDead(at: now))
        #expect(backup.isDead(at: Timestamp(milliseconds: 1001)))
        for (state, isDead) in [(Backup.State.running, false), (.failed, true), (.cancelled, true)] {
            backup.state = state
            #expect(backup.isDead(at: now) == isDead)
        }
    }
}
