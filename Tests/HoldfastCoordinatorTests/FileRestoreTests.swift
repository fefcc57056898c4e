import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Testing

/// Restores of single files as the coordinator drives them.
@Suite(.timeLimit(.minutes(5))) struct FileRestoreTests {
    private func restore(
        _ cluster: Cluster, _ coordinator: Coordinator, _ request: FileRestoreRequest
    ) async throws -> FileRestoreDetail {
        guard case .fileRestore(let detail) = try await cluster.perform(coordinator, .restoreFile(request)) else {
            throw HoldfastError(.internal, "no restore")
        }
        return detail
    }

    private func isClaimed(_ cluster: Cluster) async throws -> Bool {
        try await !cluster.catalog.all(Claim.self).isEmpty
    }

    @Test func placesAndTidiesUp() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let request = FileRestoreRequest(
                backup: backup.id, path: "/a/b.jpg/", destination: cluster.live, place: "c/d.jpg", replaces: true)
            let detail = try await restore(cluster, coordinator, request)
            #expect(detail.status == .succeeded && detail.report?.place == "c/d.jpg")
            let order = try #require(await cluster.nodes.placed.first)
            #expect(order.path == "a/b.jpg" && order.place == "c/d.jpg" && order.replaces && !order.isForeign)
            #expect(order.manifest == backup.parts.first { $0.service.kind == .media }?.manifest)
            #expect(await cluster.nodes.log.suffix(2) == ["restore-files", "tidy-files"])
            #expect(try await !isClaimed(cluster))
            // Another may follow.
            _ = try await restore(cluster, coordinator, request)
        }
    }

    @Test func whatIsRefusedIsTidiedUp() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.refuse(HoldfastError(.alreadyExists, "It is there")), for: "restore-files")
            let error = await #expect(throws: HoldfastError.self) {
                try await restore(
                    cluster, coordinator,
                    FileRestoreRequest(backup: backup.id, path: "a", destination: cluster.live))
            }
            #expect(error?.code == .alreadyExists)
            #expect(await cluster.nodes.count(of: "tidy-files") == 1)
            #expect(try await !isClaimed(cluster))
        }
    }

    /// The node did everything, and nobody heard of it: another coordinator asks again, under the same job.
    @Test func anotherCoordinatorGoesOn() async throws {
        let cluster = try await Cluster()
        let job = try await cluster.lead { (coordinator: Coordinator) async throws -> JobID in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: "restore-files")
            let request = FileRestoreRequest(
                backup: backup.id, path: "a", destination: cluster.live, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .restoreFile(request)) else {
                throw HoldfastError(.internal, "not accepted")
            }
            try await cluster.until("it is at work") { await cluster.nodes.hangingCount == 1 }
            #expect(try await isClaimed(cluster))
            let second = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .restoreFile(request))
            }
            #expect(second?.code == .busy)
            let whole = await #expect(throws: HoldfastError.self) {
                _ = try await cluster.restore(coordinator, backup.id, into: cluster.live)
            }
            #expect(whole?.code == .busy)
            return accepted.job
        }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.until("the job ends") {
                try await cluster.catalog.get(Job.self, job)?.value.status == .succeeded
            }
            #expect(await Set(cluster.nodes.placed.map(\.order.job)) == [job])
            #expect(try await !isClaimed(cluster))
        }
    }

    @Test func onlyWhereOneMay() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            func refusal(_ request: FileRestoreRequest, as principal: Principal? = nil) async -> ErrorCode? {
                await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, .restoreFile(request), as: principal)
                }?.code
            }
            let good = FileRestoreRequest(backup: backup.id, path: "a", destination: cluster.live)
            let viewer = Principal(name: "vera", roles: [cluster.live.project: .viewer])
            #expect(await refusal(good, as: viewer) == .permissionDenied)
            var request = good
            request.path = "/"
            #expect(await refusal(request) == .invalidArgument)
            request = good
            request.service = try ServiceReference("media:other")
            #expect(await refusal(request) == .notFound)
            request = good
            request.destination = try EnvironmentReference("shop/none")
            #expect(await refusal(request) == .notFound)
            #expect(await cluster.nodes.placed.isEmpty)
        }
    }
}
