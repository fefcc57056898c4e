import HoldfastModel

/// What a seed draws before anything happens: the cluster's shape, what is done to it, and which kinds of faults come.
///
/// Each seed gets a few kinds only. Runs with everything at once are busy recovering and get little done.
struct Scenario {
    enum Fault: String, CaseIterable {
        case killNode, powerCutNode, killCoordinator, secondCoordinator, breakLink, partition, oneWay, clockJump
        case diskErrors, diskFull, bitRot, databaseRestart, databaseErrors, treeErrors, catalogTrouble, lostAnswers
    }

    var copies: Int
    var regions: Int
    /// Seconds for which old content is kept.
    var undoWindow: Int
    var clients: Int
    /// Commands that each client gives.
    var commands: Int
    var faults: [Fault]
    /// At rest one of the new backups is read again, and everything is collected: much of what a run costs, and so done
    /// in some of them.
    var verifiesAtRest: Bool
    var collectsAtRest: Bool
    /// Whether a download is prepared and fetched at rest.
    var downloadsAtRest: Bool
    /// Between two faults.
    var faultPause: ClosedRange<Duration>
    /// Commands of each kind, by weight.
    var workload: Workload

    enum Workload: String, CaseIterable {
        case all, backups, collections
        /// Nine nodes in three regions, some of which are drained, weighed anew, killed together or lose their disks.
        case regions
    }

    /// What becomes of the membership; only of a cluster of regions.
    enum Upheaval: CaseIterable {
        case drain, weigh, maintain, killRegion, loseDisk
    }

    var upheavals: [Upheaval] = []

    /// Where each node is.
    var places: [String] {
        workload == .regions ? ["eu", "us", "ap"].flatMap { [$0, $0, $0] } : ["eu", "eu", "us"]
    }

    init(_ chance: inout Chance, workload: Workload, variant: Variant?) {
        copies = 1 + chance.below(3)
        regions = copies > 1 && chance.isOne(in: 2) ? 2 : 1
        undoWindow = [0, 20, 60, 120][chance.below(4)]
        clients = 1 + chance.below(3)
        commands = 3 + chance.below(5)
        // One seed in eight is a fair day: whatever goes wrong there is plain wrong.
        var kinds = Fault.allCases
        kinds.shuffle(using: &chance)
        faults = chance.isOne(in: 8) ? [] : Array(kinds.prefix(1 + chance.below(4)))
        if let variant {
            // Much is done, and what goes wrong is what the protection is for.
            (clients, commands) = (3, 8)
            if !variant.faults.isEmpty { faults = variant.faults }
        }
        verifiesAtRest = chance.isOne(in: 4)
        collectsAtRest = chance.isOne(in: 3)
        downloadsAtRest = chance.isOne(in: 3)
        if variant != nil { (verifiesAtRest, collectsAtRest) = (true, true) }
        faultPause = chance.isOne(in: 3) ? .milliseconds(300) ... .seconds(4) : .seconds(2) ... .seconds(20)
        // Content dies by backups that go, of which there have to be some first.
        if workload == .collections { (commands, collectsAtRest) = (commands * 4, true) }
        self.workload = workload
        guard workload == .regions else { return }
        (copies, regions) = (2 + chance.below(2), 1 + chance.below(2))
        (clients, commands) = (2, 4 + chance.below(4))
        collectsAtRest = chance.isOne(in: 3)
        var changes = Upheaval.allCases
        changes.shuffle(using: &chance)
        upheavals = Array(changes.prefix(1 + chance.below(3)))
        // Of what one bit spoils, and one disk loses, a third copy would have to be there.
        if upheavals.contains(.loseDisk) { faults.removeAll { $0 == .bitRot } }
        faults = Array(faults.prefix(2))
    }
}
