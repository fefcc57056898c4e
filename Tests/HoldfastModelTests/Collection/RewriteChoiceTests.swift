import HoldfastModel
import Testing

@Suite struct RewriteChoiceTests {
    /// A shard of ten chunks of 100 bytes, stored in 1000.
    private func candidate(_ number: UInt8, needed: Int) -> RewriteChoice.Candidate {
        var use = ShardUse()
        for chunk in 0..<10 { use.add(bytes: 100, isNeeded: chunk < needed) }
        return RewriteChoice.Candidate(shard: objectName(number), use: use, storedBytes: 1000)
    }

    private func choice(_ candidates: [RewriteChoice.Candidate], limit: Int64 = 100_000) -> RewriteChoice {
        RewriteChoice(candidates, byteLimit: limit, lists: [])
    }

    @Test func onlyWhatIsLessThanHalfNeededTheDeadestFirst() {
        let choice = choice([candidate(1, needed: 4), candidate(2, needed: 5), candidate(3, needed: 1)])
        #expect(choice.shards == [objectName(3), objectName(1)])
        #expect(choice.deadBytes == 900 + 600)
        #expect(!choice.isPartial)
    }

    @Test func aRunCopiesNoMoreThanItMay() {
        let candidates = [candidate(1, needed: 4), candidate(2, needed: 3), candidate(3, needed: 1)]
        let choice = choice(candidates, limit: 400)
        #expect(choice.shards == [objectName(3), objectName(2)])
        #expect(choice.isPartial)
        // Were one too large for any run, it would never be rewritten.
        #expect(self.choice(candidates, limit: 10).shards == [objectName(3)])
    }

    @Test func whatIsWhollyDeadCostsNothing() {
        let choice = choice((1...20).map { candidate($0, needed: 0) }, limit: 1)
        #expect(choice.shards.count == 20 && !choice.isPartial)
    }

    @Test func whatGivesBackNoMoreThanTheListsTakeIsLeftAlone() {
        let one = [candidate(1, needed: 4)]
        let named: Set<ObjectName> = [objectName(1)]
        #expect(RewriteChoice(one, byteLimit: 1000, lists: [(named, 600)]).shards.isEmpty)
        #expect(RewriteChoice(one, byteLimit: 1000, lists: [(named, 599)]).shards == [objectName(1)])
        // Lists that name none of them stay as they are.
        #expect(RewriteChoice(one, byteLimit: 1000, lists: [([objectName(2)], 9000)]).shards == [objectName(1)])
    }
}
