import HoldfastModel
import Testing

@Suite struct ReceiptTests {
    private func fault(
        copies: Int, regions: Int, allowed: [String]? = nil, _ holdings: [(node: Int, region: String, objects: Int)]
    ) throws -> HoldfastError? {
        let layout = Layout(
            number: 1,
            members: try [(1, "eu"), (2, "eu"), (3, "us")].map {
                Layout.Member(node: try identifier($0.0), region: try Name($0.1), weight: 1, address: "")
            })
        let policy = PlacementPolicy(
            name: try Name("shop"), copies: copies, regions: regions, allowedRegions: try allowed?.map { try Name($0) })
        return try receipt(objects: 10, holdings).fault(by: policy, in: layout)
    }

    @Test func enoughIsEnough() throws {
        #expect(try fault(copies: 1, regions: 1, [(1, "eu", 10)]) == nil)
        #expect(try fault(copies: 1, regions: 1, [(1, "eu", 4), (2, "eu", 6)]) == nil)
        #expect(try fault(copies: 2, regions: 2, [(1, "eu", 4), (2, "eu", 6), (3, "us", 10)]) == nil)
    }

    @Test func tooLittleIsAFault() throws {
        #expect(try fault(copies: 1, regions: 1, []) != nil)
        #expect(try fault(copies: 1, regions: 1, [(1, "eu", 9)]) != nil)
        #expect(try fault(copies: 2, regions: 1, [(1, "eu", 10), (2, "eu", 9)]) != nil)
        #expect(try fault(copies: 2, regions: 2, [(1, "eu", 10), (2, "eu", 10)]) != nil)
    }

    @Test func whatCantBeIsAFault() throws {
        #expect(try fault(copies: 2, regions: 1, [(1, "eu", 20)]) != nil)
        #expect(try fault(copies: 2, regions: 1, [(1, "eu", 10), (1, "eu", 10)]) != nil)
        #expect(try fault(copies: 1, regions: 1, [(9, "eu", 10)]) != nil)
        #expect(try fault(copies: 1, regions: 1, [(1, "us", 10)]) != nil)
    }

    /// A node's numbers may be anything, and are multiplied and added.
    @Test func numbersBeyondAllSenseAreAFault() throws {
        let layout = Layout(
            number: 1, members: [.init(node: try identifier(1), region: try Name("eu"), weight: 1, address: "")])
        let policy = PlacementPolicy(name: try Name("shop"), copies: 2, regions: 2)
        for objects in [Int.max, Int.min, -1] {
            var receipt = try receipt(objects: 10, [(1, "eu", objects)])
            receipt.objects = objects
            #expect(receipt.fault(by: policy, in: layout) != nil)
        }
        #expect(Int.max.addingClamped(1) == .max && Int.min.addingClamped(-1) == .min && 2.addingClamped(-3) == -1)
    }

    @Test func residencyIsEnforced() throws {
        #expect(try fault(copies: 1, regions: 1, allowed: ["eu"], [(1, "eu", 10), (3, "us", 1)]) != nil)
        #expect(try fault(copies: 1, regions: 1, allowed: ["eu"], [(1, "eu", 10)]) == nil)
    }
}
