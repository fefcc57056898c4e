import HoldfastModel
import HoldfastTestKit
import Testing

@Suite struct RepairPlanTests {
    /// Three regions of two nodes; nodes 1 and 4, 2 and 5, 3 and 6 are neighbours.
    private struct Scene {
        var layout: Layout
        var policy: PlacementPolicy
        let objects: [ObjectReference]
        var away: Set<NodeID> = []

        init(seed: UInt64) throws {
            layout = Layout(
                number: 1,
                members: try (1...6).map { number in
                    Layout.Member(
                        node: try identifier(number), region: try Name("region-\(number % 3)"), weight: 1,
                        address: "node-\(number):1")
                })
            policy = PlacementPolicy(name: try Name("policy"), copies: 2, regions: 2)
            let entropy = SeededEntropy(seed: seed)
            objects = (0..<200).map { number in
                ObjectReference(number % 5 == 0 ? .references : .shard, ObjectName(bytes: entropy.bytes(32)))
            }
        }

        var placement: Placement { Placement(layout: layout, policy: policy, without: away) }
        var all: Set<NodeID> { Set(layout.members.map(\.node)) }

        /// As when everything was stored by this placement.
        var stored: [ObjectReference: Set<NodeID>] {
            Dictionary(
                uniqueKeysWithValues: objects.map { object in
                    (object, Set(placement.holders(of: object.name).map(\.node)))
                })
        }

        func plan(_ present: [ObjectReference: Set<NodeID>], here: Set<NodeID>? = nil) -> RepairPlan {
            RepairPlan(needed: objects, present: present, placement: placement, here: here ?? all)
        }

        /// What is there after the plan was carried out.
        func result(of plan: RepairPlan, on present: [ObjectReference: Set<NodeID>]) -> [ObjectReference: Set<NodeID>] {
            var present = present
            for copy in plan.copies { present[copy.object, default: []].insert(copy.target) }
            for (node, objects) in plan.surplus { for object in objects { present[object]?.remove(node) } }
            return present
        }
    }

    @Test func whatIsInItsPlaceIsLeftAlone() throws {
        let scene = try Scene(seed: 1)
        let plan = scene.plan(scene.stored)
        #expect(plan.copies.isEmpty && plan.surplus.isEmpty && plan.short.isEmpty && plan.lost.isEmpty)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aNodeThatIsGivenUpIsReplacedAndItsShareComesHome(_ seed: UInt64) throws {
        var scene = try Scene(seed: seed)
        let gone: NodeID = try identifier(3)
        let before = scene.stored
        let left = scene.all.subtracting([gone])
        // Silent for a moment only: nothing moves, and what is there is known to be too little.
        let waiting = scene.plan(before, here: left)
        #expect(waiting.copies.isEmpty && waiting.surplus.isEmpty)
        #expect(waiting.short == Set(before.filter { $0.value.contains(gone) }.keys))
        scene.away = [gone]
        let plan = scene.plan(before, here: left)
        #expect(Set(plan.copies.map(\.object)) == waiting.short && plan.lost.isEmpty && plan.surplus.isEmpty)
        let repaired = scene.result(of: plan, on: before)
        #expect(scene.plan(repaired, here: left).short.isEmpty)
        // It comes back with all that it had.
        scene.away = []
        let back = scene.plan(repaired)
        #expect(back.copies.isEmpty)
        #expect(scene.result(of: back, on: repaired) == before)
        for (node, objects) in back.surplus {
            #expect(node != gone)
            // Those who keep them prove it first.
            for object in objects { #expect(back.successors.filter { $0.value.contains(object) }.count == 2) }
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aLeavingNodeIsEmptiedOnlyOnceOthersHaveItAll(_ seed: UInt64) throws {
        var scene = try Scene(seed: seed)
        let before = scene.stored
        let leaving: NodeID = try identifier(2)
        scene.layout.members[1].weight = 0
        let plan = scene.plan(before)
        #expect(plan.left[leaving] == before.count { $0.value.contains(leaving) })
        // Nothing goes in the same breath.
        #expect(plan.surplus[leaving] == nil)
        var copied = before
        for copy in plan.copies { copied[copy.object]?.insert(copy.target) }
        let next = scene.plan(copied)
        #expect(next.copies.isEmpty && next.surplus.keys.sorted() == [leaving])
        let empty = scene.result(of: next, on: copied)
        #expect(!empty.values.contains { $0.contains(leaving) })
        #expect(scene.plan(empty).left.isEmpty && scene.plan(empty).short.isEmpty)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func theMostEndangeredComeFirstAndTheLostAreNamed(_ seed: UInt64) throws {
        var scene = try Scene(seed: seed)
        scene.policy.copies = 3
        var present = scene.stored
        let (single, none) = (Set(scene.objects.prefix(20)), Set(scene.objects.dropFirst(20).prefix(10)))
        for object in scene.objects.prefix(60) {
            if none.contains(object) {
                present[object] = []
            } else if single.contains(object), let first = present[object]?.min() {
                present[object] = [first]
            } else if let first = present[object]?.min() {
                present[object]?.remove(first)
            }
        }
        let plan = scene.plan(present)
        #expect(plan.lost == none)
        #expect(plan.copies.map(\.copies) == plan.copies.map(\.copies).sorted())
        #expect(Set(plan.copies.prefix(40).map(\.object)) == single)
        #expect(plan.copies.allSatisfy { !none.contains($0.object) })
    }

    @Test func whatThePolicyNoLongerAllowsGoes() throws {
        var scene = try Scene(seed: 7)
        let before = scene.stored
        scene.policy.allowedRegions = [try Name("region-1"), try Name("region-2")]
        let plan = scene.plan(before)
        #expect(
            plan.copies.allSatisfy { copy in
                scene.layout.members.first { $0.node == copy.target }?.region.text != "region-0"
            })
        var copied = before
        for copy in plan.copies { copied[copy.object]?.insert(copy.target) }
        let after = scene.result(of: scene.plan(copied), on: copied)
        let outside: Set<NodeID> = [try identifier(3), try identifier(6)]
        #expect(after.values.allSatisfy { $0.isDisjoint(with: outside) && $0.count == 2 })
    }

    /// A copy that a policy's spread counts on is not superfluous while another holder lacks it.
    @Test func nothingGoesWhileAHolderLacksIt() throws {
        let scene = try Scene(seed: 9)
        var present = scene.stored
        for object in scene.objects {
            let holders = scene.placement.holders(of: object.name).map(\.node)
            let other = scene.placement.ranking(of: object.name).map(\.node).first { !holders.contains($0) }
            present[object] = Set([holders[0], other].compactMap(\.self))
        }
        let plan = scene.plan(present)
        #expect(plan.surplus.isEmpty && plan.copies.count == scene.objects.count)
    }
}
