import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct CommandTests {
    @Test func anotherClustersKeyIsRefused() async throws {
        let cluster = try await Cluster()
        _ = try await Coordinator.start(cluster.parts)
        var parts = cluster.parts
        parts.clusterKey = ClusterKey(generatedFrom: SeededEntropy(seed: 99))
        let error = await #expect(throws: HoldfastError.self) { _ = try await Coordinator.start(parts) }
        #expect(error?.code == .checkFailed)
        _ = try await Coordinator.start(cluster.parts)
    }

    @Test func aNameThatNeverWasIsNoEmptyList() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            for list in [
                BackupList(project: try Name("nope")), BackupList(environment: try EnvironmentReference("shop/nope")),
            ] {
                let error = await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, .backupList(list), as: cluster.admin)
                }
                #expect(error?.code == .notFound)
            }
            try await cluster.perform(coordinator, .backupList(BackupList(project: cluster.live.project)))
        }
    }

    /// Every command of the table, given by a stranger, a viewer and an operator.
    @Test func whoMayNot() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let shop = cluster.live.project
            let stranger = Principal(name: "stranger", roles: [try Name("other"): .owner])
            let viewer = Principal(name: "viewer", roles: [shop: .viewer])
            let worker = Principal(name: "worker", roles: [shop: .operator])
            let missing = try #require(BackupID("000000000000"))
            func code(_ command: Command, _ principal: Principal) async -> ErrorCode? {
                do {
                    try await cluster.perform(coordinator, command, as: principal)
                    return nil
                } catch { return HoldfastError(error).code }
            }
            let restore = Command.restoreStart(RestoreRequest(backup: backup.id, destination: cluster.test))
            for command in [Command.backupShow(backup.id), .backupDelete(backup.id), .jobShow(backup.job), restore] {
                #expect(await code(command, stranger) == .notFound)
            }
            #expect(await code(.backupShow(missing), viewer) == .notFound)
            for command in [
                Command.projectShow(shop), .environmentShow(cluster.live),
                .backupCreate(BackupCreate(environment: cluster.live)),
                .backupList(BackupList(project: shop)), .restoreList(cluster.live), .nodeToken(NodeToken()),
                .projectCreate(ProjectCreate(name: shop)), .projectRemove(shop), .environmentRemove(cluster.live),
            ] { #expect(await code(command, stranger) == .permissionDenied, "\(command)") }
            for command in [
                Command.backupCreate(BackupCreate(environment: cluster.live)), .backupDelete(backup.id),
                .backupVerify(backup.id), restore, .environmentRemove(cluster.live),
                .serviceRemove(cluster.live, ServiceReference(.media)),
            ] { #expect(await code(command, viewer) == .permissionDenied, "\(command)") }
            for command in [
                Command.backupDelete(backup.id), .environmentRemove(cluster.live),
                .restoreStart(RestoreRequest(backup: backup.id, destination: cluster.test, withoutSafety: true)),
            ] { #expect(await code(command, worker) == .permissionDenied, "\(command)") }
            for command in [
                Command.backupShow(backup.id), .jobShow(backup.job), .projectShow(shop), .jobWatch(backup.job),
            ] {
                #expect(await code(command, viewer) == nil, "\(command)")
            }
            #expect(await code(restore, worker) == nil)
            // What anyone may ask shows a stranger nothing.
            #expect(try await cluster.perform(coordinator, .projectList, as: stranger) == .projects([]))
            #expect(try await cluster.perform(coordinator, .backupList(BackupList()), as: stranger) == .backups([]))
            #expect(try await cluster.perform(coordinator, .jobList(all: true), as: stranger) == .jobs([]))
            #expect(try await cluster.perform(coordinator, .restoreList(nil), as: stranger) == .restores([]))
            #expect(
                try await cluster.perform(coordinator, .environmentList(project: nil), as: stranger)
                    == .environments([]))
        }
    }

    @Test func passwordsAreSealedAndNeverShown() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let environment = try #require(try await cluster.catalog.get(Environment.self, cluster.live)).value
        #expect(!"\(environment)".contains("swordfish"))
        let shown = try await cluster.perform(coordinator, .environmentShow(cluster.live))
        #expect(!"\(shown)".contains("swordfish"))
        guard case .environment(let detail) = shown else { throw HoldfastError(.internal, "no environment") }
        #expect(detail.services.map(\.location) == cluster.places(of: cluster.live))
        let bad = ServiceSet(
            environment: cluster.live, service: ServiceReference(.database), location: .database(url: Secret("bad")))
        await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .serviceSet(bad)) }
        for path in ["", "media", "/a\0b", "/" + String(repeating: "x", count: 5000)] {
            let set = ServiceSet(
                environment: cluster.live, service: ServiceReference(.media), location: .media(path: path))
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .serviceSet(set)) }
        }
    }

    @Test func projectsAndEnvironmentsComeAndGo() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let shop = cluster.live.project
            func fails(_ command: Command, _ code: ErrorCode) async {
                let error = await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, command)
                }
                #expect(error?.code == code, "\(command)")
            }
            await fails(.projectCreate(ProjectCreate(name: shop)), .alreadyExists)
            await fails(.projectCreate(ProjectCreate(name: try Name("big"), copies: 10)), .invalidArgument)
            await fails(.projectCreate(ProjectCreate(name: try Name("big"), copies: 1, regions: 2)), .invalidArgument)
            await fails(.environmentCreate(EnvironmentCreate(environment: cluster.live)), .alreadyExists)
            await fails(
                .environmentCreate(
                    EnvironmentCreate(environment: try EnvironmentReference("shop/x"), node: try Name("x"))), .notFound)
            await fails(.projectRemove(shop), .busy)
            let backup = try await cluster.backUp(coordinator, cluster.live)
            guard case .projects(let summaries) = try await cluster.perform(coordinator, .projectList) else { return }
            #expect(summaries.map(\.backups) == [1])
            try await cluster.perform(coordinator, .environmentRemove(cluster.live))
            try await cluster.perform(coordinator, .environmentRemove(cluster.test))
            // Its backups outlive an environment, and hold the project.
            #expect(
                try await cluster.perform(coordinator, .backupList(BackupList(project: shop))) == .backups([backup]))
            await fails(.projectRemove(shop), .busy)
            try await cluster.perform(coordinator, .backupDelete(backup.id))
            try await cluster.perform(coordinator, .collectRun(CollectRun(project: shop)))
            // It can still be taken back; and without the project's record nobody could give its space back.
            await fails(.projectRemove(shop), .busy)
            try await cluster.perform(coordinator, .backupDelete(backup.id, now: true))
            await fails(.projectRemove(shop), .busy)
            try await cluster.perform(coordinator, .collectRun(CollectRun(project: shop)))
            try await cluster.perform(coordinator, .projectRemove(shop))
            await fails(.projectShow(shop), .notFound)
            // A new project of the old name gives nobody a right to what the old one left.
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: shop)))
            let viewer = Principal(name: "viewer", roles: [shop: .viewer])
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupShow(backup.id), as: viewer)
            }
            #expect(error?.code == .notFound)
            #expect(
                try await cluster.perform(
                    coordinator, .backupList(BackupList(project: shop, includeDeleted: true)), as: viewer)
                    == .backups([]))
            for list in [Command.jobList(all: true), .restoreList(nil), .downloadList(nil)] {
                let seen = try await cluster.perform(coordinator, list, as: viewer)
                #expect([.jobs([]), .restores([]), .downloads([])].contains(seen), "\(list)")
            }
            guard case .jobs(let jobs) = try await cluster.perform(coordinator, .jobList(all: true)) else { return }
            #expect(!jobs.isEmpty, "there is something that a viewer could see")
        }
    }

    @Test func backupsAreListedNewestFirstAndPaged() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            var made: [BackupID] = []
            for _ in 0..<5 {
                cluster.time.advance(by: .seconds(2))
                made.append(try await cluster.backUp(coordinator, cluster.live).id)
            }
            func listed(_ list: BackupList) async throws -> [BackupID] {
                guard case .backups(let backups) = try await cluster.perform(coordinator, .backupList(list)) else {
                    return []
                }
                return backups.map(\.id)
            }
            #expect(try await listed(BackupList()) == made.reversed())
            #expect(
                try await listed(BackupList(environment: cluster.live, limit: 2)) == Array(made.reversed().prefix(2)))
            #expect(try await listed(BackupList(project: cluster.live.project, trigger: .safety)) == [])
            #expect(try await listed(BackupList(environment: cluster.test)) == [])
        }
    }

    @Test func aJobTellsItsStepsAndItsJournal() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            await cluster.nodes.plan(.hang, for: "capture-services")
            async let backup = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            let job = try #require(try await cluster.jobs().first)
            let events = Events()
            async let watched = cluster.perform(coordinator, .jobWatch(job.id), events: events)
            try await cluster.until("watching") { !events.all.isEmpty }
            await cluster.nodes.release()
            _ = try await (backup, watched)
            #expect(events.steps == ["capture", "record"])
            guard case .job(let detail) = try await cluster.perform(coordinator, .jobShow(job.id)) else { return }
            #expect(detail.summary.status == .succeeded)
            #expect(detail.journal.count == 3)
            #expect(detail.journal[1].text.contains("→ record"))
            guard case .clusterStatus(let status) = try await cluster.perform(coordinator, .clusterStatus) else {
                return
            }
            #expect(status.openJobs == 0 && status.projects == 1 && status.nodes.count == 1)
        }
    }
}
