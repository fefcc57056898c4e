import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

@Suite struct ObjectRouterTests {
    private func terms(copies: Int) throws -> PlacementTerms {
        let members = [Fixture.node, Fixture.other].map {
            Layout.Member(node: $0, region: $0 == Fixture.node ? Self.eu : Self.us, weight: 1, address: "")
        }
        return PlacementTerms(
            layout: Layout(number: 3, members: members),
            policy: PlacementPolicy(name: Self.eu, copies: copies, regions: copies))
    }

    private static let eu = name("eu")
    private static let us = name("us")

    private static func name(_ text: String) -> Name {
        do { return try Name(text) } catch { preconditionFailure("\(error)") }
    }

    private let until = Timestamp(milliseconds: 1_900_000_000_000)

    @Test func everyHolderHasItBeforeItCounts() async throws {
        let own = try await Fixture.store(on: MemoryDisk())
        let other = try await Fixture.store(on: MemoryDisk(), node: Fixture.other)
        let router = try ObjectRouter(
            project: Fixture.project, terms: terms(copies: 2), store: own,
            peers: Neighbours(stores: [Fixture.other: other]))
        let objects = (0..<4).map { Fixture.object($0) }
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        guard case .held(let receipt) = try await router.hold(objects.map(\.name), for: Fixture.backup, until: until)
        else { return #expect(Bool(false)) }
        #expect(receipt.objects == 4)
        #expect(receipt.holdings.map(\.objects) == [4, 4])
        #expect(receipt.holdings.map(\.region) == [Self.eu, Self.us])

        // What one of them has is copied to the other.
        try await own.put(Fixture.object(8), layout: 3)
        guard
            case .held(let more) = try await router.hold(
                objects.map(\.name) + [Fixture.object(8).name], for: Fixture.backup, until: until)
        else { return #expect(Bool(false)) }
        #expect(more.holdings.map(\.objects) == [5, 5])

        let lacking = Fixture.object(9).name
        guard
            case .refused(let refused) = try await router.hold(
                objects.map(\.name) + [lacking], for: Fixture.backup, until: until)
        else { return #expect(Bool(false)) }
        #expect(refused == [lacking])
    }

    @Test func readsFromWhoeverHasIt() async throws {
        let own = try await Fixture.store(on: MemoryDisk())
        let other = try await Fixture.store(on: MemoryDisk(), node: Fixture.other)
        let reachable = Neighbours(stores: [Fixture.other: other])
        let router = try ObjectRouter(project: Fixture.project, terms: terms(copies: 1), store: own, peers: reachable)
        for number in 0..<8 {
            let object = Fixture.object(number)
            try await (number.isMultiple(of: 2) ? own : other).put(object, layout: 3)
            #expect(try await router.read(.shard, object.name, offset: 0, length: nil) == object.bytes)
            #expect(try await router.size(.shard, object.name) == Int64(object.bytes.count))
        }
        await expect(.notFound) {
            _ = try await router.read(.shard, Fixture.object(99).name, offset: 0, length: nil)
        }
        let alone = try ObjectRouter(
            project: Fixture.project, terms: terms(copies: 1), store: own, peers: Neighbours(stores: [:]))
        await expect(.unavailable) {
            _ = try await alone.read(.shard, Fixture.object(99).name, offset: 0, length: nil)
        }
    }

    @Test func tellsWhatWouldBeRefused() async throws {
        let own = try await Fixture.store(on: MemoryDisk())
        let other = try await Fixture.store(on: MemoryDisk(), node: Fixture.other)
        let router = try ObjectRouter(
            project: Fixture.project, terms: terms(copies: 2), store: own,
            peers: Neighbours(stores: [Fixture.other: other]))
        let objects = (0..<4).map { Fixture.object($0) }
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        let names = objects.map(\.name)
        #expect(try await router.refusable(among: names).isEmpty)
        _ = try await own.condemn([1])
        _ = try await other.condemn([2])
        _ = try await other.delete([2])
        let lacking = Fixture.object(9).name
        // What was deleted on one node would be copied there again; what is condemned can't be held until it is.
        #expect(try await router.refusable(among: names + [lacking]) == [names[1], lacking])
        // Nothing is told of a node that does not answer.
        let alone = try ObjectRouter(
            project: Fixture.project, terms: terms(copies: 2), store: own, peers: Neighbours(stores: [:]))
        #expect(try await alone.refusable(among: names) == [names[1]])
    }
}
