import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastCoordinator

@Suite(.timeLimit(.minutes(5))) struct RepairTests {
    private func repair(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> RepairReport {
        // Which of two jobs was the last is told by when they began.
        cluster.time.advance(by: .seconds(1))
        let run = Command.repairRun(RepairRun(project: cluster.live.project))
        guard case .repaired(let repaired) = try await cluster.perform(coordinator, run) else {
            throw HoldfastError(.internal, "no repair")
        }
        return try #require(repaired.first?.report)
    }

    /// A node refuses to hold what it was once to drop, and could not while something held it there.
    @Test func whatIsToStayAfterAllIsSpared() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.change { objects in objects.condemned = objects.shards }
            #expect(try await repair(cluster, coordinator).isWhole)
            #expect(await cluster.nodes.objects.condemned.isEmpty)
        }
    }

    @Test func whatIsWholeIsLookedAtOnce() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await cluster.backUp(coordinator, cluster.live)
            let before = await cluster.nodes.count(of: "survey-objects")
            #expect(try await repair(cluster, coordinator).isWhole)
            let nodes = await coordinator.office.nodes.connected().count
            #expect(await cluster.nodes.count(of: "survey-objects") == before + nodes)
        }
    }
}
