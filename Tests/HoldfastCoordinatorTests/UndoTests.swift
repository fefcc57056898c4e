import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct UndoTests {
    private func undo(
        _ cluster: Cluster, _ coordinator: Coordinator, _ restore: JobID, _ events: Events? = nil
    ) async throws -> RestoreDetail {
        let request = UndoRequest(restore: restore)
        guard case .restore(let detail) = try await cluster.perform(coordinator, .restoreUndo(request), events: events)
        else { throw HoldfastError(.internal, "no restore") }
        return detail
    }

    @Test func undoBringsTheKeptContentBackAndCanBeUndoneItself() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let first = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let second = try await undo(cluster, coordinator, first.job)
            #expect(second.source == .kept(first.job))
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
            #expect(try await cluster.saga(first.job).ending == .undone(by: second.job))
            #expect(try await cluster.job(first.job).status == .succeeded)
            let again = await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, first.job) }
            #expect(again?.message.contains(second.job.text) ?? false)
            _ = try await undo(cluster, coordinator, second.job)
            #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
        }
    }

    @Test(arguments: ["check-services", "stage-services", "verify-staged"])
    func anUndoThatFailsGivesTheContentBack(_ message: String) async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let first = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let kept = await cluster.nodes.aside
            for trouble in [
                FakeNodes.Trouble.refuse(HoldfastError(.checkFailed, "no")),
                .actThenFail(HoldfastError(.checkFailed, "no")),
            ] {
                await cluster.nodes.plan(trouble, for: message)
                await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, first.job) }
                #expect(await cluster.nodes.aside == kept)
                #expect(try await cluster.saga(first.job).step == .kept)
                #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
            }
            _ = try await undo(cluster, coordinator, first.job)
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    @Test func afterALaterRestoreTheEarlierOneIsNotUndone() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let first = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let second = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let error = await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, first.job) }
            let message = try #require(error?.message)
            #expect(message.contains(second.job.text))
            #expect(message.contains(try #require(first.safetyBackup).text))
            // One after the other works.
            _ = try await undo(cluster, coordinator, second.job)
        }
    }

    @Test func theWindowClosesAndTheSafetyBackupIsWhatIsLeft() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let first = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let janitor = Janitor(office: coordinator.office)
            try await janitor.closeWindows()
            #expect(try await cluster.saga(first.job).step == .kept)
            // A wall clock that jumps closes nothing.
            cluster.time.jump(by: .seconds(1_000_000))
            try await janitor.closeWindows()
            #expect(try await cluster.saga(first.job).step == .kept)
            cluster.time.advance(by: .seconds(Environment.defaultUndoWindowSeconds))
            try await janitor.closeWindows()
            try await cluster.until("clean") { try await cluster.saga(first.job).ending == .restored }
            #expect(await cluster.nodes.aside.isEmpty)

            let events = Events()
            let undone = try await undo(cluster, coordinator, first.job, events)
            #expect(undone.source == .backup(try #require(first.safetyBackup)))
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
            #expect(events.all.contains { if case .note = $0 { true } else { false } })
        }
    }

    @Test func whatChangedNothingIsNotUndone() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.stayOld, for: "swap-services")
            await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            let id = try #require(try await cluster.jobs().first { $0.kind == .restore }).id
            let error = await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, id) }
            #expect(error?.code == .conflict)
        }
    }

    @Test func aRestoreThatCannotBeConfirmedIsAcceptedAndThenUndone() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.refuse(HoldfastError(.checkFailed, "no session")), for: "confirm-swap")
            let asked = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            #expect(asked?.message.contains("holdfast restore resume") ?? false)
            let id = try #require(try await cluster.jobs().first { $0.kind == .restore }).id
            let early = await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, id) }
            #expect(early?.code == .needsAttention && early?.message.contains("holdfast restore resume") ?? false)

            // It would fail again; accepting asks nobody.
            await cluster.nodes.plan(.refuse(HoldfastError(.checkFailed, "no session")), for: "confirm-swap")
            try await cluster.perform(coordinator, .restoreResume(id))
            try await cluster.until("kept") { try await cluster.saga(id).step == .kept }
            let journal = try await cluster.catalog.journal(of: id, after: 0, limit: 100)
            #expect(journal.contains { String(decoding: $0.entry, as: UTF8.self).contains("accepts") })
            try await cluster.until("released") { !(await coordinator.office.jobs.isRunning(id)) }
            await #expect(throws: HoldfastError.self) { try await undo(cluster, coordinator, id) }
            let second = try #require(try await cluster.jobs().first { $0.kind == .restore && $0.id != id }).id
            try await cluster.perform(coordinator, .restoreResume(second))
            try await cluster.until("undone") { try await cluster.saga(second).step == .kept }
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    @Test func whatIsKeptHoldsItsPlace() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            _ = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            let media = ServiceReference(.media)
            let moved = ServiceSet(environment: cluster.test, service: media, location: .media(path: "/elsewhere"))
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .serviceSet(moved)) }
            let same = ServiceSet(
                environment: cluster.test, service: ServiceReference(.database),
                location: .database(url: Secret("test")))
            try await cluster.perform(coordinator, .serviceSet(same))
        }
    }
}
