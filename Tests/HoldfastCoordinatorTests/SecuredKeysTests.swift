import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// A backup whose key only the catalog has would be lost with it.
@Suite(.timeLimit(.minutes(5))) struct SecuredKeysTests {
    @Test func aBackupIsNotCompleteBeforeItsKeyIsOnTheNodes() async throws {
        let cluster = try await Cluster()
        let full = HoldfastError(.noSpace, "The disk is full")
        for _ in 1...2 { await cluster.nodes.plan(.refuse(full), for: StoreProject.name) }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
            #expect(await cluster.nodes.count(of: StoreProject.name) == 3)
            // Known by then.
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
            #expect(await cluster.nodes.count(of: StoreProject.name) == 3)
            // New keys are secured anew.
            _ = try await cluster.perform(coordinator, .projectRotateKey(cluster.live.project))
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
            #expect(await cluster.nodes.count(of: StoreProject.name) == 4)
        }
    }

    /// A node that went away after the capture is waited for; a job that waits so may be called off.
    @Test(arguments: [false, true]) func aNodeThatIsAwayIsWaitedFor(isCalledOff: Bool) async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.vanish, for: StoreProject.name)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            async let result = cluster.backUp(coordinator, cluster.live)
            try await cluster.until("waits") {
                try await cluster.jobs().contains { $0.waitingFor?.contains("one, to keep the project's keys") == true }
            }
            let job = try #require(try await cluster.jobs().first)
            guard isCalledOff else {
                await cluster.nodes.connect()
                #expect(try await result.state == .complete)
                return
            }
            _ = try await cluster.perform(coordinator, .jobCancel(job.id))
            _ = try? await result
            #expect(try await cluster.job(job.id).status == .cancelled)
        }
    }

    /// What a collection writes anew it writes with the present key, which nodes have to have before.
    @Test func aCollectionSecuresTheKeyFirst() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await cluster.backUp(coordinator, cluster.live)
            let before = await cluster.nodes.count(of: StoreProject.name)
            _ = try await cluster.perform(coordinator, .projectRotateKey(cluster.live.project))
            await cluster.nodes.plan(.refuse(HoldfastError(.noSpace, "The disk is full")), for: StoreProject.name)
            let run = Command.collectRun(CollectRun(project: cluster.live.project))
            guard case .collected(let collected) = try await cluster.perform(coordinator, run) else {
                throw HoldfastError(.internal, "no collection")
            }
            #expect(await cluster.nodes.count(of: StoreProject.name) == before + 1)
            #expect(await cluster.nodes.count(of: RewriteShards.name) == 0)
            #expect(collected.first?.report?.problems.contains { $0.contains("The disk is full") } == true)
        }
    }
}
