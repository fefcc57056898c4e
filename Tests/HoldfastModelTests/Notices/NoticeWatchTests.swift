import HoldfastModel
import Testing

struct NoticeWatchTests {
    typealias Sight = NoticeWatch.Sight
    private static let now = Timestamp(milliseconds: 1_795_381_200_000)

    private func node(
        _ number: Int, _ isUp: Bool?, region: String = "eu", free: Int64? = nil, takesWrites: Bool? = true
    ) throws -> Sight.Node {
        Sight.Node(
            id: try identifier(number), name: try Name("n\(number)"), region: try Name(region), isUp: isUp,
            freeBytes: free, capacityBytes: free == nil ? nil : 1000, takesWrites: takesWrites)
    }

    private func told(_ watch: inout NoticeWatch, _ nodes: [Sight.Node]) -> [String] {
        watch.look(Sight.all(of: nodes, at: Self.now)).map(\.title)
    }

    @Test func whatBeginsAndEndsIsToldOnceEach() throws {
        var watch = NoticeWatch()
        #expect(try told(&watch, [node(1, true)]) == [])
        #expect(try told(&watch, [node(1, nil)]) == [])
        #expect(try told(&watch, [node(1, false)]) == ["Node n1 is down"])
        #expect(try told(&watch, [node(1, false)]) == [])
        // Not heard of for a moment, as after another coordinator took office: as before.
        #expect(try told(&watch, [node(1, nil)]) == [])
        #expect(try told(&watch, [node(1, false)]) == [])
        #expect(try told(&watch, [node(1, true)]) == ["Node n1 is back"])
        #expect(try told(&watch, [node(1, true)]) == [])
        #expect(watch == NoticeWatch())
    }

    @Test func aRegionIsDownWithTheLastOfItsNodes() throws {
        var watch = NoticeWatch()
        let other = try node(3, true, region: "us")
        #expect(try told(&watch, [node(1, false), node(2, true), other]) == ["Node n1 is down"])
        #expect(
            try told(&watch, [node(1, false), node(2, false), other]) == ["Node n2 is down", "Region eu is down"])
        #expect(try told(&watch, [node(1, false), node(2, nil), other]) == [])
        #expect(
            try told(&watch, [node(1, true), node(2, nil), other]) == ["Node n1 is back", "Region eu is back"])
    }

    @Test func spaceThatGoesUpAndDownIsToldOnce() throws {
        var watch = NoticeWatch()
        #expect(try told(&watch, [node(1, true, free: 100)]) == [])
        #expect(try told(&watch, [node(1, true, free: 99)]) == ["Space runs out on node n1"])
        #expect(try told(&watch, [node(1, true, free: 110)]) == [])
        #expect(try told(&watch, [node(1, true, free: 99)]) == [])
        #expect(try told(&watch, [node(1, true, free: 125)]) == ["Node n1 has space again"])
        #expect(try told(&watch, [node(1, true, free: 500, takesWrites: false)]) == ["Space runs out on node n1"])
    }

    @Test func whatIsGoneIsForgottenInSilence() throws {
        var watch = NoticeWatch()
        _ = try told(&watch, [node(1, false)])
        #expect(told(&watch, []) == [] && watch == NoticeWatch())
    }

    /// Daily at 02:00: overdue at 14:00 after a run that came to nothing, or at the next run while one is being made.
    @Test(arguments: [
        // (hours after the last good one was begun, at work, good one, state)
        (1, false, true, Sight.State.good), (23, false, true, .good), (25, false, true, .unclear),
        (35, false, true, .unclear), (37, false, true, .bad), (37, true, true, .unclear), (49, true, true, .bad),
        (25, false, false, .unclear), (37, false, false, .bad),
    ])
    func whenABackupIsOverdue(hours: Int, isAtWork: Bool, hasGood: Bool, state: Sight.State) throws {
        let begun = try #require(Timestamp("2026-11-23T02:00:01Z"))
        var schedule = Schedule(
            environment: try EnvironmentReference("shop/live"), project: try identifier(1), author: "x",
            createdAt: hasGood ? begun.advanced(by: .seconds(-864_000)) : begun, timing: .preset(.daily), zone: "UTC",
            jitterSeconds: 0)
        let now = begun.advanced(by: .seconds(hours * 3600))
        schedule.next = try schedule.run(after: now, in: .utc)
        let sight = try #require(
            try Sight.backup(schedule, lastGood: hasGood ? begun : nil, isAtWork: isAtWork, at: now, in: .utc))
        #expect(sight.state == state)
        #expect(sight.notice.text.contains(hasGood ? "2026-11-23 02:00:01" : "no good one yet"))
        // One that isn't planned is nobody's business.
        schedule.pausedAt = now
        #expect(try Sight.backup(schedule, lastGood: nil, isAtWork: false, at: now, in: .utc) == nil)
    }
}
