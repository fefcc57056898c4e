import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastNode

@Suite(.timeLimit(.minutes(5))) struct BandwidthLimitTests {
    private static func send(_ count: Int, by road: Road) async throws {
        var rest = [UInt8](repeating: 1, count: count)[...]
        while try await road.next(of: &rest) != nil {}
    }

    @Test func virtualTimePassesExactlyAsTheRateSays() async throws {
        let time = LeapingTime()
        let table = BandwidthTimetable(usual: try ByteRate("3 MB/s"))
        let moved = Mutex(0)
        let road = Road(sending: Bandwidth(table, time: time), receiving: Bandwidth(table, time: time)) { bytes in
            moved.withLock { $0 += bytes }
        }
        try await Self.send(30_000_000, by: road)
        // The last piece goes when the 114 of 256 KiB before it have gone, each of 87,381,333⅓ nanoseconds, rounded up.
        #expect(time.uptime == .nanoseconds(114 * 87_381_334))
        #expect(moved.withLock { $0 } == 30_000_000)
        let before = time.uptime
        for _ in 0..<11 { try await road.received(300_000) }
        #expect(time.uptime - before == .seconds(1))
    }

    /// From 21:00 on a Sunday: an hour at 2 MB/s, one at 1 MB/s, and on.
    @Test func theTimetableIsKept() async throws {
        let time = LeapingTime()
        let table = BandwidthTimetable(
            usual: try ByteRate("2 MB/s"),
            windows: [try BandwidthWindow("sun 22:00-23:00", rate: try ByteRate("1 MB/s"))])
        let bandwidth = Bandwidth(table, time: time)
        var hours = [0, 0, 0]
        while time.uptime < .seconds(3 * 3600) {
            let piece = bandwidth.pieceBytes(atMost: 256 << 10)
            try await bandwidth.pass(piece)
            let hour = Int(time.uptime / .seconds(3600))
            if hour < 3 { hours[hour] += piece }
        }
        for (bytes, expected) in zip(hours, [7_200_000_000, 3_600_000_000, 7_200_000_000]) {
            #expect(abs(bytes - expected) <= 400_000)
        }
    }

    /// Four at a time, by the clock on the wall. How much later it is than the rate says is the machine's affair.
    @Test func realTimeIsNeverShorterThanTheRateSays() async throws {
        let rate = 2_000_000, share = 1_000_000
        let road = Road(
            sending: Bandwidth(BandwidthTimetable(usual: ByteRate(bytesPerSecond: Int64(rate))), time: RealTime()))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await Self.send(share, by: road) } }
            try await group.waitForAll()
        }
        // The last piece goes when the others have gone.
        let expected = Double(4 * share - rate / 10) / Double(rate)
        #expect((ContinuousClock.now - start) / .seconds(1) > 0.99 * expected)
    }
}
