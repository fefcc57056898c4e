import HoldfastModel
import HoldfastTestKit
import Testing

@Suite struct PlacementTests {
    private func layout(_ nodes: Int, regions: Int, weight: (Int) -> Double = { _ in 1 }) throws -> Layout {
        Layout(
            number: 1,
            members: try (1...nodes).map { number in
                Layout.Member(
                    node: try identifier(number), region: try Name("region-\(number % regions)"),
                    weight: weight(number), address: "node-\(number):1")
            })
    }

    private func policy(_ copies: Int, _ regions: Int, _ allowed: [String]? = nil) throws -> PlacementPolicy {
        PlacementPolicy(
            name: try Name("policy"), copies: copies, regions: regions,
            allowedRegions: try allowed?.map { try Name($0) })
    }

    private func objects(_ count: Int, seed: UInt64) -> [ObjectName] {
        let entropy = SeededEntropy(seed: seed)
        return (0..<count).map { _ in ObjectName(bytes: entropy.bytes(32)) }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func holdersKeepThePolicy(_ seed: UInt64) throws {
        let placement = try Placement(
            layout: layout(9, regions: 3), policy: policy(3, 2, ["region-0", "region-2"]))
        for object in objects(300, seed: seed) {
            let holders = placement.holders(of: object)
            #expect(Set(holders.map(\.node)).count == 3)
            #expect(Set(holders.map(\.region)).count >= 2)
            #expect(holders.allSatisfy { $0.region.text != "region-1" })
            #expect(placement.holders(of: object) == holders)
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aLeavingNodeMovesOnlyWhatItHeld(_ seed: UInt64) throws {
        let before = try layout(8, regions: 1)
        var after = before
        let gone = after.members.remove(at: 3)
        let (old, new) = (
            try Placement(layout: before, policy: policy(2, 1)), try Placement(layout: after, policy: policy(2, 1))
        )
        for object in objects(500, seed: seed) {
            let holders = old.holders(of: object).map(\.node)
            let expected = old.ranking(of: object).map(\.node).filter { $0 != gone.node }.prefix(2)
            #expect(new.holders(of: object).map(\.node) == Array(expected))
            if !holders.contains(gone.node) { #expect(new.holders(of: object).map(\.node) == holders) }
        }
    }

    @Test func sharesFollowTheWeights() throws {
        let placement = try Placement(
            layout: layout(4, regions: 1) { $0 == 1 ? 3 : 1 }, policy: policy(1, 1))
        let heavy: NodeID = try identifier(1)
        let count = objects(6000, seed: 7).count { placement.holders(of: $0).first?.node == heavy }
        #expect((2800...3200).contains(count))
    }

    @Test func aPolicyThatCantBeMetIsRefused() throws {
        for (copies, regions, allowed) in [(5, 1, nil), (2, 2, ["region-0"]), (1, 1, ["elsewhere"])] {
            let policy = try policy(copies, regions, allowed)
            let placement = Placement(layout: try layout(4, regions: 2), policy: policy)
            #expect(throws: HoldfastError.self) { try placement.requireMeetable() }
            // What was stored by another layout can still be found.
            #expect(placement.ranking(of: objects(1, seed: 1)[0]).count == 4)
        }
    }

    @Test func membersWithoutWeightHoldNothing() throws {
        let placement = try Placement(layout: layout(3, regions: 1) { $0 == 2 ? 0 : 1 }, policy: policy(1, 1))
        let empty: NodeID = try identifier(2)
        #expect(objects(200, seed: 3).allSatisfy { placement.holders(of: $0).first?.node != empty })
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func sharesAreBalancedWithinFivePercent(_ seed: UInt64) throws {
        let weights: [Double] = [1, 2, 4, 1, 2, 4, 1, 2, 4]
        // Nine nodes in one region, so that nothing but the weights decides.
        let placement = try Placement(layout: layout(9, regions: 1) { weights[$0 - 1] }, policy: policy(1, 1))
        var counts: [NodeID: Double] = [:]
        let all = objects(60_000, seed: seed)
        for object in all { for holder in placement.holders(of: object) { counts[holder.node, default: 0] += 1 } }
        for (index, weight) in weights.enumerated() {
            let share = counts[try identifier(index + 1), default: 0] / Double(all.count)
            let expected = weight / weights.reduce(0, +)
            #expect(abs(share - expected) <= expected * 0.05, "node \(index + 1): \(share), \(expected) expected")
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aNewNodeTakesOnlyWhatItGets(_ seed: UInt64) throws {
        var after = try layout(6, regions: 3)
        let before = after
        let new = Layout.Member(node: try identifier(7), region: try Name("region-1"), weight: 1, address: "new:1")
        after.members.append(new)
        let (old, grown) = (
            try Placement(layout: before, policy: policy(3, 2)), try Placement(layout: after, policy: policy(3, 2))
        )
        var moved = 0
        for object in objects(2000, seed: seed) {
            let gone = Set(old.holders(of: object).map(\.node)).subtracting(grown.holders(of: object).map(\.node))
            #expect(gone.count <= 1)
            if !gone.isEmpty { #expect(grown.holders(of: object).contains(new)) }
            moved += gone.count
        }
        // A seventh of three copies each, about.
        #expect((500...1300).contains(moved))
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func theShareOfOneThatIsAwayGoesToTheNextAndComesHome(_ seed: UInt64) throws {
        let placement = try Placement(layout: layout(6, regions: 3), policy: policy(2, 2))
        let away: NodeID = try identifier(2)
        let without = placement.without([away])
        for object in objects(500, seed: seed) {
            let (before, now) = (placement.holders(of: object), without.holders(of: object))
            #expect(!now.contains { $0.node == away } && Set(now.map(\.region)).count == 2)
            if !before.contains(where: { $0.node == away }) { #expect(before == now) }
            #expect(before.filter { $0.node != away }.allSatisfy(now.contains))
        }
        #expect(without.standing == .met)
        let region: Set<NodeID> = [try identifier(1), try identifier(4)]
        #expect(placement.without(region).standing == .met)
        #expect(try placement.without(region.union([identifier(2), identifier(5)])).standing == .short)
    }

    @Test func theHomeRegionHasACopy() throws {
        var policy = try policy(2, 1)
        policy.home = try Name("region-2")
        let placement = Placement(layout: try layout(9, regions: 3), policy: policy)
        for object in objects(300, seed: 5) {
            #expect(placement.holders(of: object).contains { $0.region == policy.home })
            #expect(placement.holders(of: object).count == 2)
        }
    }

    @Test func aDegradedStandingIsToldFromAShortOne() throws {
        var policy = try policy(3, 2, ["region-0", "region-1"])
        let (zero, one, two) = (try Name("region-0"), try Name("region-1"), try Name("region-2"))
        #expect(policy.standing(of: [zero, zero, one]) == .met)
        #expect(policy.standing(of: [zero, zero, zero]) == .short)
        policy.degradedCopies = 2
        #expect(policy.standing(of: [zero, zero, zero]) == .degraded)
        #expect(policy.standing(of: [zero, one]) == .degraded)
        // What lies outside of the policy counts for nothing.
        #expect(policy.standing(of: [zero, two, two]) == .short)
    }

    @Test func policiesThatMakeNoSenseAreRefused() throws {
        var wrong = [try policy(0, 1), try policy(10, 1), try policy(2, 3), try policy(2, 2, ["region-0"])]
        wrong.append(try policy(2, 1, ["region-0"]))
        wrong[4].home = try Name("region-1")
        wrong.append(try policy(2, 1))
        wrong[5].degradedCopies = 2
        for policy in wrong { #expect(throws: HoldfastError.self) { try policy.validate() } }
        #expect(throws: Never.self) { try policy(9, 3).validate() }
    }
}
