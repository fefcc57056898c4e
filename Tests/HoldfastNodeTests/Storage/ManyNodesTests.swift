import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Puts, holds and reads over four nodes in two regions, some of which go away.
@Suite struct ManyNodesTests {
    private struct Scene {
        let nodes: [NodeID]
        let disks: [MemoryDisk]
        let stores: [ObjectStore]
        let neighbours: Neighbours
        var policy: PlacementPolicy
        var layout: Layout
        let until = Timestamp(milliseconds: 1_900_000_000_000)

        init(copies: Int = 2, regions: Int = 2, degraded: Int? = nil) async throws {
            nodes = try (1...4).map { try #require(NodeID("00000000001\($0)")) }
            disks = nodes.map { _ in MemoryDisk() }
            var stores: [ObjectStore] = []
            for (node, disk) in zip(nodes, disks) { stores.append(try await Fixture.store(on: disk, node: node)) }
            self.stores = stores
            neighbours = Neighbours(stores: Dictionary(uniqueKeysWithValues: zip(nodes, stores).dropFirst()))
            let (eu, us) = (try Name("eu"), try Name("us"))
            layout = Layout(
                number: 1,
                members: nodes.enumerated().map { index, node in
                    Layout.Member(node: node, region: index < 2 ? eu : us, weight: 1, address: "")
                })
            policy = PlacementPolicy(name: try Name("p"), copies: copies, regions: regions, degradedCopies: degraded)
        }

        func router(away: [NodeID]? = nil) -> ObjectRouter {
            ObjectRouter(
                project: Fixture.project, terms: PlacementTerms(layout: layout, policy: policy, away: away),
                store: stores[0], peers: neighbours)
        }

        func damage(_ path: String, on index: Int) throws {
            var random = SeededRandom(seed: 5)
            try disks[index].volume.flipBit(of: path, using: &random)
        }

        func holders(of object: ObjectName) async throws -> Set<NodeID> {
            var holders: Set<NodeID> = []
            for store in stores where try await store.names(of: .shard).contains(object) { holders.insert(store.node) }
            return holders
        }
    }

    private let objects = (0..<24).map { Fixture.object($0) }
    private var names: [ObjectName] { objects.map(\.name) }

    @Test func theNextInRankTakesOver() async throws {
        let scene = try await Scene()
        scene.neighbours.take(away: scene.nodes[2])
        let router = scene.router()
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        guard case .held(let receipt) = try await router.hold(names, for: Fixture.backup, until: scene.until) else {
            return #expect(Bool(false))
        }
        #expect(receipt.fault(by: scene.policy, in: scene.layout) == nil && !receipt.isDegraded)
        #expect(receipt.holdings.reduce(0) { $0 + $1.objects } == 2 * objects.count)
        #expect(!receipt.holdings.contains { $0.node == scene.nodes[2] })
        // Its silence was waited for once.
        #expect(scene.neighbours.calls[scene.nodes[2]] == 1)
        for name in names { #expect(try await scene.holders(of: name).contains(scene.nodes[3])) }
    }

    @Test func aNodeThatGoesAwayBetweenPutAndHoldIsReplaced() async throws {
        let scene = try await Scene()
        let router = scene.router()
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        scene.neighbours.take(away: scene.nodes[3])
        guard case .held(let receipt) = try await router.hold(names, for: Fixture.backup, until: scene.until) else {
            return #expect(Bool(false))
        }
        #expect(receipt.fault(by: scene.policy, in: scene.layout) == nil)
        #expect(receipt.holdings.reduce(0) { $0 + $1.objects } == 2 * objects.count)
        for name in names {
            #expect(try await scene.holders(of: name).contains(scene.nodes[2]))
            #expect(try await router.read(.shard, name, offset: 0, length: nil).count > 0)
        }
    }

    @Test func tooFewCopiesAreRefusedUnlessThePolicyLetsThem() async throws {
        var scene = try await Scene()
        for node in scene.nodes.dropFirst(2) { scene.neighbours.take(away: node) }
        let strict = scene.router()
        await expect(.unavailable) {
            try await strict.put(.shard, objects[0].name, bytes: objects[0].bytes)
        }
        scene.policy.degradedCopies = 1
        let router = scene.router()
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        guard case .held(let receipt) = try await router.hold(names, for: Fixture.backup, until: scene.until) else {
            return #expect(Bool(false))
        }
        #expect(receipt.degradedObjects == objects.count)
        #expect(receipt.fault(by: scene.policy, in: scene.layout) == nil)
        scene.policy.degradedCopies = nil
        #expect(receipt.fault(by: scene.policy, in: scene.layout) != nil)
    }

    /// After nodes have joined, those that should hold an object now lack it: who has it holds it, and nothing is stored anew.
    @Test func whatLiesWhereItWasIsHeldThere() async throws {
        var scene = try await Scene()
        let grown = scene.layout
        scene.layout.members.remove(at: 1)
        scene.layout.members.remove(at: 1)
        let before = scene.router()
        for object in objects { try await before.put(.shard, object.name, bytes: object.bytes) }
        scene.layout = grown
        scene.layout.number = 2
        let router = scene.router()
        #expect(try await router.refusable(among: names).isEmpty)
        guard case .held(let receipt) = try await router.hold(names, for: Fixture.backup, until: scene.until) else {
            return #expect(Bool(false))
        }
        #expect(receipt.fault(by: scene.policy, in: scene.layout) == nil)
        for name in names { #expect(try await scene.holders(of: name) == [scene.nodes[0], scene.nodes[3]]) }
    }

    @Test func aMissingCopyIsMadeBeforeItIsHeld() async throws {
        let scene = try await Scene()
        let router = scene.router()
        try await scene.stores[0].put(objects[0], layout: 1)
        guard case .held(let receipt) = try await router.hold([names[0]], for: Fixture.backup, until: scene.until)
        else {
            return #expect(Bool(false))
        }
        #expect(receipt.holdings.count == 2 && Set(receipt.holdings.map(\.region)).count == 2)
        #expect(try await scene.holders(of: names[0]).count >= 2)
        // What nobody has must be stored again.
        guard
            case .refused(let refused) = try await router.hold(
                [names[0], names[1]], for: Fixture.backup, until: scene.until)
        else { return #expect(Bool(false)) }
        #expect(refused == [names[1]])
    }

    @Test func readsGoOnElsewhereAndTheBadCopyIsReported() async throws {
        let scene = try await Scene(copies: 3)
        let router = scene.router()
        for object in objects { try await router.put(.shard, object.name, bytes: object.bytes) }
        for object in objects {
            let path = ObjectStore.path(.shard, object.name)
            let holders = try await scene.holders(of: object.name)
            let first = try #require(router.candidates(for: object.name).first)
            #expect(holders.contains(first.node))
            let index = try #require(scene.nodes.firstIndex(of: first.node))
            try scene.damage(path, on: index)
            let bytes = try await router.fromGoodCopy(of: .shard, object.name) { router in
                let bytes = try await router.read(.shard, object.name, offset: 0, length: nil)
                guard ObjectCheck.name(of: bytes) == object.name else { throw HoldfastError(.corrupt, "bad") }
                return bytes
            }
            #expect(bytes == object.bytes)
            // It was set aside, so that repair finds it missing.
            #expect(try await !scene.stores[index].survey([.shards], of: Fixture.project).bytes.contains(object.name))
        }
    }

    @Test func theNearestIsReadFirst() async throws {
        let scene = try await Scene(copies: 4)
        let router = scene.router()
        for object in objects {
            try await router.put(.shard, object.name, bytes: object.bytes)
            let order = router.candidates(for: object.name).map(\.node)
            #expect(Array(order.prefix(2)) == Array(scene.nodes.prefix(2)) && Set(order) == Set(scene.nodes))
            let without = scene.router(away: [scene.nodes[0]]).candidates(for: object.name).map(\.node)
            #expect(without.first == scene.nodes[1] && without.last == scene.nodes[0])
        }
    }

    /// What counts for nobody, because it does not say whose it is, would be taken for the object.
    @Test func aDamagedFileIsInNoGoodCopysWay() async throws {
        let scene = try await Scene()
        let object = objects[0]
        try await scene.stores[1].put(object)
        let path = ObjectStore.path(.shard, object.name)
        try await scene.disks[0].makeDirectory(DiskPath.parent(of: path))
        let file = try await scene.disks[0].create(path)
        try await file.append([UInt8](repeating: 0, count: object.bytes.count))
        try await file.sync()
        await file.close()
        _ = try await scene.router().fetch(ObjectReference(.shard, object.name))
        #expect(try await scene.holders(of: object.name).contains(scene.nodes[0]))
        #expect(try await scene.stores[0].good(.shard, object.name) == object.bytes)
    }

    @Test func fetchTakesAGoodCopyFromWhoeverHasOne() async throws {
        let scene = try await Scene(copies: 3)
        for object in objects.prefix(6) {
            for store in scene.stores.dropFirst() { try await store.put(object, layout: 1) }
            try scene.damage(ObjectStore.path(.shard, object.name), on: 1)
            let bytes = try await scene.router().fetch(ObjectReference(.shard, object.name))
            #expect(bytes == Int64(object.bytes.count))
            #expect(try await scene.stores[0].examine(.shard, object.name))
        }
        #expect(try await scene.router().fetch(ObjectReference(.shard, names[20])) == nil)
    }
}

extension [UInt8] {
    /// Of a survey's records of 33 bytes.
    fileprivate func contains(_ name: ObjectName) -> Bool {
        stride(from: 0, to: count, by: 33).contains { Array(self[$0..<$0 + 32]) == name.bytes }
    }
}
