import HoldfastModel
import Testing

/// Of several lists of one manifest, none goes before another is certain to do.
@Suite struct ListChoiceTests {
    /// Names shards 1 and 2; rewriting put 3 in the place of 1.
    private let old = ListChoice.Candidate(name: objectName(10), shards: [objectName(1), objectName(2)])
    private let new = ListChoice.Candidate(name: objectName(11), shards: [objectName(2), objectName(3)])

    private func policy(copies: Int, regions: Int = 1) throws -> PlacementPolicy {
        PlacementPolicy(name: try Name("p"), copies: copies, regions: regions)
    }

    /// Which of two nodes, in regions of their own, has what.
    private func holders(_ places: [UInt8: [Int]]) throws -> [ObjectName: [NodeID: Name]] {
        var holders: [ObjectName: [NodeID: Name]] = [:]
        for (object, nodes) in places {
            for node in nodes {
                holders[objectName(object), default: [:]][try identifier(node)] = try Name("r\(node)")
            }
        }
        return holders
    }

    private let everywhere: [UInt8: [Int]] = [1: [1, 2], 2: [1, 2], 3: [1, 2], 10: [1, 2], 11: [1, 2]]

    @Test(arguments: [10, 11]) func whatTheCatalogNamesStays(_ named: UInt8) throws {
        let choice = try #require(
            ListChoice(
                [old, new], named: objectName(named), policy: try policy(copies: 2), holders: try holders(everywhere)))
        #expect(choice.kept.name == objectName(named))
        #expect(choice.superseded == [named == 10 ? new : old])
        #expect(choice.waiting.isEmpty)
    }

    /// A new shard, or the new list itself, on fewer nodes than the policy asks, or all in one region.
    @Test(arguments: [3, 11] as [UInt8]) func nothingGoesBeforeTheNewIsWhereItShouldBe(_ weak: UInt8) throws {
        var places = everywhere
        places[weak] = [1]
        let choice = try #require(
            ListChoice([old, new], named: new.name, policy: try policy(copies: 2), holders: try holders(places)))
        #expect(choice.superseded.isEmpty || choice.kept == old)
        #expect(!choice.superseded.contains(old))
        // Two nodes, and both of one region.
        var holders = try holders(everywhere)
        let one = try Name("one")
        holders[objectName(weak)] = holders[objectName(weak)]?.mapValues { _ in one }
        let inOneRegion = try #require(
            ListChoice([old, new], named: new.name, policy: try policy(copies: 2, regions: 2), holders: holders))
        #expect(!inOneRegion.superseded.contains(old))
    }

    /// What both name may be on fewer: that one of the lists goes does not change it.
    @Test func whatBothNameDoesNotMatter() throws {
        var places = everywhere
        places[2] = [1]
        let choice = try #require(
            ListChoice([old, new], named: new.name, policy: try policy(copies: 2), holders: try holders(places)))
        #expect(choice.kept == new && choice.superseded == [old])
        places[2] = []
        let gone = try #require(
            ListChoice([old, new], named: new.name, policy: try policy(copies: 2), holders: try holders(places)))
        #expect(gone.superseded.isEmpty)
    }

    /// The catalog has gone back to before the content moved; meanwhile the old shard was deleted, on some node or on all.
    @Test(arguments: [[], [2]]) func aCatalogThatIsOlderIsPutRight(_ left: [Int]) throws {
        var places = everywhere
        places[1] = left
        let choice = try #require(
            ListChoice([old, new], named: old.name, policy: try policy(copies: 2), holders: try holders(places)))
        #expect(choice.kept == new && choice.superseded == [old])
    }

    /// The one that the catalog names can't be read on any node.
    @Test func inPlaceOfAMissingListOnlyOneThatIsWhole() throws {
        let whole = ListChoice([new], named: old.name, policy: try policy(copies: 2), holders: try holders(everywhere))
        #expect(whole?.kept == new)
        var places = everywhere
        places[3] = []
        let broken = ListChoice([new], named: old.name, policy: try policy(copies: 2), holders: try holders(places))
        #expect(broken == nil)
    }

    @Test func withoutAListNothingIsChosen() throws {
        #expect(ListChoice([], named: old.name, policy: try policy(copies: 1), holders: [:]) == nil)
    }
}
