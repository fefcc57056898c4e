import HoldfastArchive
import HoldfastModel
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// What a capture stores in which order, and how captures of one project wait for each other.
@Suite(.timeLimit(.minutes(5))) struct CaptureOrderTests {
    private func worker(_ shop: Shop, _ second: SecondNode) -> Worker {
        var resources = shop.resources
        resources.peers = second
        return Worker(resources)
    }

    private func order(_ shop: Shop, epoch: UInt64 = 1) throws -> CaptureServices {
        CaptureServices(
            order: Order(epoch: Epoch(epoch), job: shop.job()),
            backup: BackupID(at: RealTime().now, entropy: RealEntropy()), project: Fixture.project,
            environment: try EnvironmentReference("shop/live"), notes: [:], keys: shop.keys.serialized,
            services: shop.targets.filter { $0.service.kind == .media }, previous: [],
            terms: try SecondNode.terms, holdUntil: Timestamp(milliseconds: 1_900_000_000_000))
    }

    @Test func aRefusedBackupLeavesNoManifest() async throws {
        let shop = try await Shop()
        let second = try await SecondNode(refusals: .max)
        await expect(.unavailable) { _ = try await worker(shop, second).capture(try order(shop)) }
        for store in [shop.store, second.store] {
            #expect(try await !store.names(of: .shard).isEmpty)
            #expect(try await store.names(of: .manifest).isEmpty)
            #expect(try await store.names(of: .references).isEmpty)
        }
        await shop.remove()
    }

    @Test func whatWasRefusedIsStoredAgainAndThenHeldWithItsManifest() async throws {
        let shop = try await Shop()
        let second = try await SecondNode(refusals: 1)
        let reply = try await worker(shop, second).capture(try order(shop))
        let names = reply.parts.flatMap { [$0.manifest, $0.references] }
        for store in [shop.store, second.store] {
            #expect(try await store.names(of: .manifest) == reply.parts.map(\.manifest))
            #expect(try await store.names(of: .references) == reply.parts.map(\.references))
            #expect(try await store.held(among: Set(names)) == Set(names))
        }
        #expect(reply.receipt.objects > 2)
        #expect(reply.receipt.holdings.map(\.objects) == [reply.receipt.objects, reply.receipt.objects])
        #expect(reply.receipt.holdings.map(\.node) == [Fixture.node, Fixture.other])
        #expect(reply.receipt.fault(by: try SecondNode.terms.policy, in: try SecondNode.terms.layout) == nil)
        await shop.remove()
    }

    /// A manifest says that its part is whole; without its list nobody knew what it needs.
    @Test func aManifestComesAfterItsList() async throws {
        let shop = try await Shop()
        let second = try await SecondNode()
        _ = try await worker(shop, second).capture(try order(shop))
        #expect(second.stored.drop { $0 == .shard } == [.references, .manifest])
        await shop.remove()
    }

    @Test func whatWasDeletedIsStoredAgainAndForgotten() async throws {
        let shop = try await Shop()
        let second = try await SecondNode()
        let worker = worker(shop, second)
        let first = try order(shop)
        _ = try await worker.capture(first)
        let gone = Set(try await shop.store.names(of: .shard))
        for store in [shop.store, second.store] {
            try await store.release(first.backup)
            _ = try await store.condemn(gone, of: Fixture.project, by: first.order)
            let deletion = try await store.delete(gone, of: Fixture.project, by: first.order, at: store.time.now)
            #expect(deletion.objects == gone.count)
        }
        let reply = try await worker.capture(try order(shop))
        let here = Set(try await shop.store.names(of: .shard))
        #expect(!here.isEmpty && here.isDisjoint(with: gone))
        #expect(reply.receipt.objects == here.count + 2)
        let index = try ChunkIndex(Fixture.project.text, in: shop.resources.indexFiles, project: Fixture.project)
        #expect(Set(index.shards).isSubset(of: here))
        await shop.remove()
    }

    @Test func whoWaitsCanBeCancelledAndHearsOfANewCoordinator() async throws {
        let shop = try await Shop()
        let second = try await SecondNode(isOpen: false)
        let worker = worker(shop, second)
        let orders = try (0..<3).map { _ in try order(shop) }
        let (steps, step) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await worker.capture(orders[0]) }
            while second.puts == 0 { await Task.yield() }

            await withThrowingTaskGroup(of: Void.self) { waiting in
                waiting.addTask {
                    _ = try await worker.capture(orders[1]) { progress in
                        step.yield(progress.step)
                    }
                }
                var heard = steps.makeAsyncIterator()
                #expect(await heard.next() == "waiting for another backup of this project")
                waiting.cancelAll()
                // Ends although the first still has the turn.
                await #expect(throws: CancellationError.self) { try await waiting.next() }
            }

            let (others, other) = AsyncStream.makeStream(of: String.self)
            group.addTask {
                await expect(.deposed) {
                    _ = try await worker.capture(orders[2]) { progress in
                        other.yield(progress.step)
                    }
                }
            }
            var heard = others.makeAsyncIterator()
            _ = await heard.next()
            try await shop.store.obey(Epoch(2))
            second.open()
            try await group.waitForAll()
        }
        await shop.remove()
    }
}
