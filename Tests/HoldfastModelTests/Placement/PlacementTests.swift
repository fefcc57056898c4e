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
            #expect(throws: HoldfastError.self) { try Placement(layout: layout(4, regions: 2), policy: policy) }
        }
    }

    @Test func membersWithoutWeightHoldNothing() throws {
        let placement = try Placement(layout: layout(3, regions: 1) { $0 == 2 ? 0 : 1 }, policy: policy(1, 1))
        let empty: NodeID = try identifier(2)
        #expect(objects(200, seed: 3).allSatisfy { placement.holders(of: $0).first?.node != empty })
    }
}
