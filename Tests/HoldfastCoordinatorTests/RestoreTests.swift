import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite(.timeLimit(.minutes(5))) struct RestoreTests {
    @Test func aNodeThatStagesSomethingElseIsNotBelieved() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.lie, for: "stage-services")
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            #expect(error?.message.contains("staged other services") == true)
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    @Test func theContentIsReplacedAndASafetyBackupTaken() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let events = Events()
            let request = RestoreRequest(backup: backup.id, destination: cluster.test)
            guard
                case .restore(let restore) = try await cluster.perform(
                    coordinator, .restoreStart(request), events: events)
            else { throw HoldfastError(.internal, "no restore") }
            #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
            #expect(restore.status == .succeeded && restore.step == .kept)
            #expect(restore.undoUntil.map { cluster.time.now.duration(to: $0) > .seconds(86_000) } ?? false)
            let safety = try #require(restore.safetyBackup)
            let taken = try #require(try await cluster.catalog.get(Backup.self, safety)).value
            #expect(taken.trigger == .safety && taken.state == .complete && taken.environment == cluster.test)
            #expect(try await cluster.catalog.all(Claim.self).isEmpty)
            let captures = await cluster.nodes.captures
            #expect(captures.map(\.environment) == [cluster.live, cluster.test])
            #expect(captures[0].notes["trigger"] == "on-demand" && captures[0].notes["author"] == "admin")
            #expect(captures[1].notes["trigger"] == "safety")
            #expect(captures[1].notes["note"] == "before restore \(restore.job)")
            // Backups check, too, but need no source.
            let check = try #require(await cluster.nodes.checks.last { $0.source != nil })
            #expect(check.services.map(\.manifest) == backup.parts.map(\.manifest))
            #expect(check.source?.project == backup.project)
            #expect(
                events.steps == ["check", "claim", "safetyBackup", "stage", "verify", "swap", "confirm", "release"])
        }
    }

    /// Warnings of check, staging and swap stand in the restore once each, though node and answers were lost.
    @Test func warningsAreKept() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.set(problems: [CheckReport.Problem(.warning, .checkFailed, "an odd locale")])
            await cluster.nodes.set(warning: "left out")
            await cluster.nodes.plan(.actThenFail(HoldfastError(.unavailable, "lost")), for: "stage-services")
            await cluster.nodes.plan(.actThenFail(HoldfastError(.unavailable, "lost")), for: "swap-services")
            let restore = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let expected = ["database: an odd locale", "media: an odd locale", "left out", "left out"]
            #expect(restore.warnings.first == expected)
            guard case .restore(let shown) = try await cluster.perform(coordinator, .restoreShow(restore.job)) else {
                throw HoldfastError(.internal, "no restore")
            }
            #expect(shown.warnings == restore.warnings)
        }
    }

    @Test func allProblemsAreToldAtOnce() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.set(problems: [
                CheckReport.Problem(.error, .noSpace, "too little room"),
                CheckReport.Problem(.warning, .checkFailed, "an odd locale"),
                CheckReport.Problem(.error, .unsupported, "too old a server"),
            ])
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            let message = try #require(error?.message)
            #expect(message.contains("too little room") && message.contains("too old a server"))
            #expect(!message.contains("odd locale"))
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
            #expect(!(await cluster.nodes.log.contains("drop-aside")))
        }
    }

    /// Every order, refused for good: the destination stays old, or a person is asked once it may not.
    @Test(arguments: [
        "check-services", "capture-services", "stage-services", "verify-staged", "swap-services", "confirm-swap",
    ])
    func aRefusedOrder(_ message: String) async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.refuse(HoldfastError(.checkFailed, "not so")), for: message)
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            let id = try #require(try await cluster.jobs().first { $0.kind == .restore }).id
            if message == "swap-services" || message == "confirm-swap" {
                #expect(error?.code == .needsAttention)
                #expect(try await cluster.job(id).status == .needsAttention)
                try await cluster.perform(coordinator, .restoreResume(id))
                try await cluster.until("kept") { try await cluster.saga(id).step == .kept }
                #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
            } else {
                #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
                #expect(try await cluster.job(id).status == .failed)
                #expect(await cluster.nodes.aside.isEmpty)
                if message == "capture-services" { #expect(error?.message.contains("--without-safety") ?? false) }
            }
            #expect(try await cluster.catalog.all(Claim.self).isEmpty)
        }
    }

    /// Every order, with trouble that passes: the restore succeeds all the same.
    @Test(arguments: ["check-services", "stage-services", "verify-staged", "swap-services", "confirm-swap"], 0..<4)
    func passingTrouble(_ message: String, _ kind: Int) async throws {
        let trouble: FakeNodes.Trouble =
            [
                .refuse(HoldfastError(.timedOut, "slow")), .actThenFail(HoldfastError(.inputOutput, "disk")), .vanish,
                .actThenVanish,
            ][kind]
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(trouble, for: message)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await cluster.keepConnecting() }
                let restore = try await cluster.restore(coordinator, backup.id, into: cluster.test)
                #expect(restore.step == .kept)
                group.cancelAll()
            }
            #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
        }
    }

    @Test func aSwapThatStaysOldEndsTheRestoreWithItsReason() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.stayOld, for: "swap-services")
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            #expect(error?.message == "A session can't be ended")
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
            #expect(await cluster.nodes.aside.isEmpty)
        }
    }

    @Test func cancelWhileStagingDropsWhatWasStaged() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "stage-services")
            let request = RestoreRequest(backup: backup.id, destination: cluster.test, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .restoreStart(request)) else {
                throw HoldfastError(.internal, "not accepted")
            }
            try await cluster.until("staging") { await cluster.nodes.hangingCount == 1 }
            // Another restore is told which is in the way, and the backup can't go meanwhile.
            let busy = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            #expect(busy?.code == .busy && busy?.message.contains(accepted.job.text) ?? false)
            let used = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupDelete(backup.id))
            }
            #expect(used?.code == .busy)
            for command in [
                Command.environmentRemove(cluster.test), .serviceRemove(cluster.test, ServiceReference(.media)),
            ] {
                let error = await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, command)
                }
                #expect(error?.code == .busy)
            }
            try await cluster.perform(coordinator, .restoreCancel(accepted.job))
            try await cluster.until("ended") { try await cluster.saga(accepted.job).step == .ended }
            #expect(try await cluster.job(accepted.job).status == .cancelled)
            #expect(await cluster.nodes.log.last == "drop-aside")
            #expect(try await cluster.restore(coordinator, backup.id, into: cluster.test).step == .kept)
        }
    }

    @Test func cancelDuringTheSafetyBackupCancelsIt() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "capture-services")
            let request = RestoreRequest(backup: backup.id, destination: cluster.test, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .restoreStart(request)) else {
                throw HoldfastError(.internal, "not accepted")
            }
            try await cluster.until("capturing") { await cluster.nodes.hangingCount == 1 }
            try await cluster.perform(coordinator, .restoreCancel(accepted.job))
            try await cluster.until("ended") {
                try await cluster.jobs().filter { $0.status == .cancelled }.count == 2
            }
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    /// Two names of one tree, and a tree within the other.
    @Test(arguments: [true, false])
    func destinationsThatOverlapAreNotRestoredAtOnce(_ nested: Bool) async throws {
        let cluster = try await Cluster()
        let root = FileIdentity(device: 1, inode: 500)
        await cluster.nodes.set(
            identity: .media(node: cluster.node, root: root, ancestors: []), of: cluster.places(of: cluster.test)[1])
        let other = nested ? FileIdentity(device: 1, inode: 501) : root
        await cluster.nodes.set(
            identity: .media(node: cluster.node, root: other, ancestors: nested ? [root] : []),
            of: cluster.places(of: cluster.live)[1])
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "stage-services")
            async let first = cluster.restore(coordinator, backup.id, into: cluster.test)
            try await cluster.until("staging") { await cluster.nodes.hangingCount == 1 }
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.live)
            }
            #expect(error?.code == .busy)
            await cluster.nodes.release()
            #expect(try await first.step == .kept)
            #expect(try await cluster.restore(coordinator, backup.id, into: cluster.live).step == .kept)
        }
    }

    @Test func aBackupWaitsWhileTheContentIsExchanged() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "swap-services")
            async let restore = cluster.restore(coordinator, backup.id, into: cluster.test)
            try await cluster.until("swapping") { await cluster.nodes.hangingCount == 1 }
            async let other = cluster.backUp(coordinator, cluster.test)
            try await cluster.until("waiting") { try await cluster.jobs().contains { $0.status == .waiting } }
            await cluster.nodes.release()
            #expect(try await restore.step == .kept)
            #expect(try await other.state == .complete)
        }
    }

    @Test func planShowsWhatWillBeOverwritten() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let request = RestoreRequest(
                backup: backup.id, destination: cluster.test, services: [.kind(.media)], withoutSafety: true)
            guard case .restorePlan(let plan) = try await cluster.perform(coordinator, .restorePlan(request)) else {
                throw HoldfastError(.internal, "no plan")
            }
            #expect(plan.willBeOverwritten.map(\.location) == ["/media/shop/test"])
            #expect(!plan.takesSafetyBackup)
            #expect(try await cluster.jobs().count == 1)
        }
    }

    @Test func mappings() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let (database, media) = (ServiceReference(.database), ServiceReference(.media))
            func refused(_ services: [ServiceSelector], _ mappings: [RestorePlan.Mapping]) async {
                let request = RestoreRequest(
                    backup: backup.id, destination: cluster.test, services: services, mappings: mappings)
                await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, .restorePlan(request))
                }
            }
            await refused([], [RestorePlan.Mapping(from: database, to: media)])
            await refused([], [RestorePlan.Mapping(from: try ServiceReference("media:x"), to: media)])
            await refused([], [RestorePlan.Mapping(from: media, to: try ServiceReference("media:x"))])
            await refused([.service(try ServiceReference("media:x"))], [])
            await refused([.kind(.database)], [RestorePlan.Mapping(from: media, to: media)])
        }
    }

    @Test func residencyHoldsForDestinationsToo() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let stored = try #require(try await cluster.catalog.get(Project.self, cluster.live.project))
            var project = stored.value
            project.policy.allowedRegions = [try Name("elsewhere")]
            var changes = Changes()
            try changes.put(project, over: stored)
            try await coordinator.office.ledger.commit(changes)
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test, withoutSafety: true)
            }
            #expect(error?.message.contains("region home") ?? false)
        }
    }
}
