import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

/// Restores where nothing can be made beside a database.
@Suite(.timeLimit(.minutes(5))) struct InPlaceTests {
    @Test func nothingIsKeptAndAnUndoRestoresTheSafetyBackup() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.set(isInPlace: true)
            // The answer is lost, and the order comes again with all it needs.
            await cluster.nodes.plan(.actThenFail(HoldfastError(.unavailable, "lost")), for: "swap-services")
            let restore = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            #expect(await cluster.contents(of: cluster.test) == ["shop/live", "shop/live"])
            #expect(restore.status == .succeeded && restore.undoUntil == nil && restore.isInPlace == true)
            try await cluster.until("the old media is dropped") {
                try await cluster.saga(restore.job).ending == .restored
            }
            #expect(await cluster.nodes.aside.isEmpty)
            let events = Events()
            let undo = Command.restoreUndo(UndoRequest(restore: restore.job))
            guard case .restore(let undone) = try await cluster.perform(coordinator, undo, events: events) else {
                throw HoldfastError(.internal, "no restore")
            }
            #expect(undone.source == .backup(try #require(restore.safetyBackup)))
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
            let notes = events.all.compactMap { if case .note(let text) = $0 { text } else { nil } }
            #expect(notes.contains { $0.contains("no longer kept") })
        }
    }

    /// What one transaction decides can't be decided together with another database.
    @Test func itIsRestoredAlone() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let reports = try ServiceReference(.database, name: "reports")
            for environment in [cluster.live, cluster.test] {
                let url = Secret("\(environment.environment)-reports")
                try await cluster.perform(
                    coordinator,
                    .serviceSet(
                        ServiceSet(environment: environment, service: reports, location: .database(url: url))))
                await cluster.nodes.set("postgresql://shop@\(url.revealed):5432/shop", "\(environment)")
            }
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.set(isInPlace: true)
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test)
            }
            #expect(error?.code == .checkFailed && error?.message.contains("a transaction of its own") == true)
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }

    @Test func aSafetyBackupIsNeeded() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.set(isInPlace: true)
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.restore(coordinator, backup.id, into: cluster.test, withoutSafety: true)
            }
            #expect(error?.code == .checkFailed && error?.message.contains("there has to be a safety backup") == true)
            #expect(await cluster.contents(of: cluster.test) == ["shop/test", "shop/test"])
        }
    }
}
