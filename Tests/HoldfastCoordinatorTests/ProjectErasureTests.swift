import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastCoordinator

/// A project is erased for good, whatever fails on the way; nothing that is at work is cut off by it.
@Suite(.timeLimit(.minutes(5))) struct ProjectErasureTests {
    /// The project `shop` with a backup, and without environments; and another one.
    private func scene(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> (Backup, EnvironmentReference) {
        let other = try EnvironmentReference("blog/live")
        _ = try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: other.project)))
        try await cluster.makeEnvironment(coordinator, other)
        for place in cluster.places(of: other) { await cluster.nodes.set(place, "\(other)") }
        let backup = try await cluster.backUp(coordinator, cluster.live)
        for environment in [cluster.live, cluster.test] {
            _ = try await cluster.perform(coordinator, .environmentRemove(environment))
        }
        return (backup, other)
    }

    private func erasure(_ cluster: Cluster, _ project: ProjectID) async throws -> ProjectErasure? {
        typealias Marks = ProjectRecords.Marks
        return try await cluster.catalog.get(Setting<Marks>.self, .projectRecords)?.value.value[project.text]?.erasure
    }

    /// Its keys are gone: what follows may fail, and goes on later.
    @Test func whatFailsAfterTheKeysAreGoneIsNoFailure() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (backup, _) = try await scene(cluster, coordinator)
            // The first commit takes the keys; the second was to delete the backups' records.
            cluster.catalog.inject(.before(HoldfastError(.inputOutput, "The disk fails")), afterCommits: 1)
            let result = try await cluster.perform(coordinator, .projectErase(cluster.live.project))
            guard case .done(let text) = result else { throw HoldfastError(.internal, "no answer") }
            #expect(text.contains("was erased"))
            #expect(try await cluster.catalog.get(Project.self, cluster.live.project) == nil)
            #expect(try await cluster.catalog.get(Backup.self, backup.id) != nil)
            let eraser = ProjectEraser(office: coordinator.office)
            // Somebody else writes the marks meanwhile, once.
            cluster.catalog.inject(.before(HoldfastError(.conflict, "Another wrote")), afterCommits: 1)
            try await eraser.pursue()
            #expect(try await cluster.catalog.get(Backup.self, backup.id) == nil)
            #expect(try await erasure(cluster, backup.project)?.isPurged == true)
            // The node of this test knows no such message, and stays to be asked.
            #expect(try await erasure(cluster, backup.project)?.left == [cluster.node])
        }
    }

    /// A restore of it into another project is at work on that one.
    @Test func aRestoreElsewhereIsNotCutOff() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (backup, other) = try await scene(cluster, coordinator)
            await cluster.nodes.plan(.hang, for: StageServices.name)
            async let restored = cluster.restore(coordinator, backup.id, into: other)
            try await cluster.until("staging") { await cluster.nodes.hangingCount == 1 }
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .projectErase(cluster.live.project))
            }
            #expect(error?.code == .busy)
            // Nor is it when a node says that the project was erased.
            let eraser = ProjectEraser(office: coordinator.office)
            let learned = await #expect(throws: HoldfastError.self) { try await eraser.learn(backup.project) }
            #expect(learned?.code == .busy)
            await cluster.nodes.release()
            #expect(try await restored.status == .succeeded)
            #expect(try await eraser.learn(backup.project))
            #expect(try await !eraser.learn(backup.project))
            #expect(try await cluster.catalog.get(Project.self, cluster.live.project) == nil)
        }
    }

    /// A node that has something again is asked until it has deleted it.
    @Test func whoHasSomethingAgainIsAskedAgain() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let (backup, _) = try await scene(cluster, coordinator)
            _ = try await cluster.perform(coordinator, .projectErase(cluster.live.project))
            let late = NodeID(at: cluster.time.now, entropy: cluster.entropy)
            let eraser = ProjectEraser(office: coordinator.office)
            try await eraser.add(late, to: backup.project)
            try await eraser.add(late, to: backup.project)
            #expect(try await erasure(cluster, backup.project)?.left == [cluster.node, late])
            // No member: it is told when it comes back.
            try await eraser.pursue()
            #expect(try await erasure(cluster, backup.project)?.left == [cluster.node])
        }
    }

    /// Nothing is begun for a project that is gone.
    @Test func noJobBeginsForWhatIsErased() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await scene(cluster, coordinator)
            let project = try await coordinator.office.projects[cluster.live.project].record().value
            _ = try await cluster.perform(coordinator, .projectErase(cluster.live.project))
            for begin in [coordinator.office.startCollection, coordinator.office.startRepair] {
                let error = await #expect(throws: HoldfastError.self) { _ = try await begin(project, "admin") }
                #expect(error?.code == .notFound)
            }
        }
    }

    /// One that began after the look at open jobs, and before the keys went.
    @Test func whatBeginsMeanwhileIsNotCutOff() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await scene(cluster, coordinator)
            let office = coordinator.office
            let stored = try #require(try await cluster.catalog.get(Project.self, cluster.live.project))
            _ = try await office.startCollection(of: stored.value, author: "admin")
            var changes = Changes()
            changes.delete(stored)
            let error = await #expect(throws: HoldfastError.self) { try await office.ledger.commit(changes) }
            #expect(error?.code == .conflict)
        }
    }
}
