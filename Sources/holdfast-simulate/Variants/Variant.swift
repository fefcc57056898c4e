/// Deliberate defects: what Holdfast would do without one of its protections. Each must be found by some seed.
///
/// All of them lie outside the product: its seams lie to it, or what it says is changed on its way. So what runs is the
/// product as it is.
enum Variant: String, CaseIterable {
    case forgetsFileSyncs = "forgets-file-syncs"
    case forgetsDirectorySyncs = "forgets-directory-syncs"
    case catalogForgetsEpochs = "catalog-forgets-epochs"
    case ordersBearAnyEpoch = "orders-bear-any-epoch"
    case nodeForgetsEpochs = "node-forgets-epochs"
    case skipsSafetyBackup = "skips-safety-backup"
    case dropsOldContentEarly = "drops-old-content-early"
    case trustsCommit = "trusts-commit"
    case takesSideForOld = "takes-side-for-old"
    case forgetsWorkNotes = "forgets-work-notes"
    case fewerCopies = "fewer-copies"
    case holdsUnseen = "holds-unseen"
    case treesForgetSyncs = "trees-forget-syncs"
    case repeatsExchanges = "repeats-exchanges"
    case leavesNewMedia = "leaves-new-media"
    case collectsWithoutHold = "collects-without-hold"
    case movesUnheld = "moves-unheld"
    case forgetsDownloads = "forgets-downloads"

    /// What the defect is.
    var summary: String {
        switch self {
        case .forgetsFileSyncs: "objects are acknowledged before their files are synced"
        case .forgetsDirectorySyncs: "objects are acknowledged before their directory is synced"
        case .catalogForgetsEpochs: "the catalog takes the writes of deposed coordinators"
        case .ordersBearAnyEpoch: "nodes carry out the orders of deposed coordinators"
        case .nodeForgetsEpochs: "a node forgets the epoch it obeyed when it is started anew"
        case .skipsSafetyBackup: "a restore swaps without its safety backup"
        case .dropsOldContentEarly: "a restore drops the old content before its undo window is over"
        case .trustsCommit: "a COMMIT whose outcome is not known is taken for done"
        case .takesSideForOld: "after a crash a swap is begun anew without asking which side is live"
        case .forgetsWorkNotes: "a worker doesn't note what it makes beside the services"
        case .fewerCopies: "a backup completes with one copy where two or more are asked for"
        case .holdsUnseen: "a node answers a hold without looking at its disk"
        case .collectsWithoutHold: "a node answers a hold without writing it down, so that collection finds none"
        case .movesUnheld: "a backup is read by new shards that nodes do not hold for it"
        case .forgetsDownloads: "a backup may be deleted while links lead into it"
        case .treesForgetSyncs: "what is made in media trees, exchange lists above all, is not synced"
        case .repeatsExchanges: "after a crash an exchange is made again by name, not settled by inode"
        case .leavesNewMedia: "media are not settled back where the database has rolled back"
        }
    }

    /// The faults that its protection is for: a run with the defect has these, and not those that its seed draws. None for
    /// what any run would find.
    var faults: [Scenario.Fault] {
        switch self {
        case .catalogForgetsEpochs, .ordersBearAnyEpoch: [.secondCoordinator]
        case .nodeForgetsEpochs: [.secondCoordinator, .killNode]
        case .trustsCommit: [.databaseErrors, .databaseRestart]
        case .takesSideForOld: [.killCoordinator, .killNode]
        case .repeatsExchanges: [.killNode]
        case .leavesNewMedia: [.databaseErrors, .databaseRestart, .killNode]
        case .forgetsWorkNotes: [.killNode]
        case .treesForgetSyncs: [.powerCutNode]
        case .holdsUnseen: [.bitRot]
        case .collectsWithoutHold, .movesUnheld, .forgetsDownloads: []
        case .forgetsFileSyncs, .forgetsDirectorySyncs, .skipsSafetyBackup, .dropsOldContentEarly, .fewerCopies: []
        }
    }

    /// How many seeds it may take.
    var bound: UInt64 { 300 }
}
