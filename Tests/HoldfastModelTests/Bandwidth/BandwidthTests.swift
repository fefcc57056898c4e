import HoldfastModel
import Testing

@Suite struct BandwidthTests {
    private func timetable(_ windows: [(String, String?)], usual: String? = "20 MB/s", _ zone: ZoneRules) throws
        -> BandwidthTimetable
    {
        BandwidthTimetable(
            usual: try usual.map { try ByteRate($0) },
            windows: try windows.map { try BandwidthWindow($0.0, rate: try $0.1.map { try ByteRate($0) }) }, zone: zone)
    }

    @Test(arguments: [
        ("5 MB/s", 5_000_000), ("512KiB/s", 524_288), ("80 Mbit/s", 10_000_000), ("1 kB/s", 1000), ("2 GiB/s", 2 << 30),
        ("1 Gbit/s", 125_000_000), ("100 KB/s", 100_000), ("8 kbit/s", 1000),
    ])
    func ratesAreRead(_ text: String, _ bytes: Int) throws {
        #expect(try ByteRate(text).bytesPerSecond == Int64(bytes))
    }

    @Test(arguments: ["", "5", "5 MB", "0 MB/s", "-5 MB/s", "5.5 MB/s", "7 kbit/s", "9223372036854775807 GB/s", "fast"])
    func whatIsNoRateIsRefused(_ text: String) {
        #expect(throws: HoldfastError.self) { try ByteRate(text) }
    }

    @Test(arguments: [
        "", "mon", "mon-fri", "08:00-18:00", "mon-fri 8-18", "mon-fri 08:00-08:00", "mon-fri 24:00-08:00",
        "mo 08:00-09:00",
        "mon,,tue 08:00-09:00", "mon-tue-wed 08:00-09:00", "mon 08:60-09:00", "mon 08:00-25:00", "mon 08:00 - 09:00",
    ])
    func whatIsNoWindowIsRefused(_ text: String) {
        #expect(throws: HoldfastError.self) { try BandwidthWindow(text, rate: nil) }
    }

    @Test func theFirstWindowThatHoldsAnInstantCounts() throws {
        let table = try timetable(
            [("fri-mon 12:00-13:00", "1 MB/s"), ("mon-fri 08:00-18:00", "5 MB/s"), ("sat 22:00-06:00", nil)],
            TestZones.utc)
        func rate(_ text: String) -> Int64? { table.rate(at: time(text))?.bytesPerSecond }
        // 2026-11-23 is a Monday.
        #expect(rate("2026-11-23T07:59:59Z") == 20_000_000)
        #expect(rate("2026-11-23T08:00:00Z") == 5_000_000)
        #expect(rate("2026-11-23T12:30:00Z") == 1_000_000)
        #expect(rate("2026-11-24T12:30:00Z") == 5_000_000)
        #expect(rate("2026-11-28T12:30:00Z") == 1_000_000)
        #expect(rate("2026-11-23T18:00:00Z") == 20_000_000)
        #expect(rate("2026-11-28T21:59:59Z") == 20_000_000)
        #expect(rate("2026-11-28T22:00:00Z") == nil && rate("2026-11-29T05:59:59Z") == nil)
        #expect(rate("2026-11-29T06:00:00Z") == 20_000_000 && rate("2026-11-29T22:00:00Z") == 20_000_000)
    }

    /// Of a day, the minutes in which a window is.
    private func minutes(of table: BandwidthTimetable, from start: String, hours: Int) -> Int {
        (0..<hours * 60).count {
            table.rate(at: time(start).advanced(by: .seconds($0 * 60)))?.bytesPerSecond == 1_000_000
        }
    }

    /// Clocks go forward on 2026-03-29 and back on 2026-10-25.
    @Test func windowsGoByTheClocksOnTheWall() throws {
        let day = try timetable([("daily 08:00-18:00", "1 MB/s")], TestZones.zurich)
        for date in ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-12-01"] {
            #expect(minutes(of: day, from: "\(date)T00:00:00Z", hours: 24) == 600, "\(date)")
        }
        #expect(day.rate(at: time("2026-03-28T07:00:00Z")) != day.rate(at: time("2026-03-28T06:59:00Z")))
        #expect(day.rate(at: time("2026-03-29T06:00:00Z")) != day.rate(at: time("2026-03-29T05:59:00Z")))
        let night = try timetable([("sun 02:00-03:00", "1 MB/s")], TestZones.zurich)
        #expect(minutes(of: night, from: "2026-03-28T22:00:00Z", hours: 24) == 0)
        #expect(minutes(of: night, from: "2026-10-24T22:00:00Z", hours: 24) == 120)
        #expect(minutes(of: night, from: "2026-11-07T22:00:00Z", hours: 24) == 60)
        let across = try timetable([("sat 22:00-06:00", "1 MB/s")], TestZones.zurich)
        #expect(minutes(of: across, from: "2026-03-28T12:00:00Z", hours: 24) == 7 * 60)
        #expect(minutes(of: across, from: "2026-10-24T12:00:00Z", hours: 24) == 9 * 60)
    }

    @Test func piecesGoEvenlyAndExactlyAtTheRate() throws {
        let rate = try ByteRate("3 MB/s")
        var (pacer, now) = (Pacer(), Duration.seconds(1000))
        var starts: [Duration] = []
        for _ in 0..<10_000 {
            now = pacer.pass(30_000, at: now, rate: rate)
            starts.append(now)
        }
        #expect(starts.first == .seconds(1000))
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(10) })
    }

    @Test func afterAnIdleHourNothingBursts() throws {
        let rate = try ByteRate("1 MB/s")
        var pacer = Pacer()
        _ = pacer.pass(1_000_000, at: .zero, rate: rate)
        #expect(pacer.pass(500_000, at: .seconds(3600), rate: rate) == .seconds(3600))
        #expect(pacer.pass(500_000, at: .seconds(3600), rate: rate) == .milliseconds(3_600_500))
        #expect(pacer.pass(500_000, at: .milliseconds(3_600_100), rate: rate) == .seconds(3601))
    }

    /// However many share it, and whenever they ask: no window of time sees more than the rate allows, and a piece.
    @Test(arguments: 1...20) func noStretchOfTimeSeesMoreThanTheRate(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let rate = try #require(ByteRate(bytesPerSecond: .random(in: 1000...100_000_000, using: &dice)))
        let piece = Pacer.pieceBytes(at: rate, atMost: 256 << 10)
        var (pacer, now) = (Pacer(), Duration.zero)
        var sent: [(at: Duration, bytes: Int)] = []
        for _ in 0..<500 {
            if dice.chance(20) { now += .milliseconds(Int.random(in: 0...5000, using: &dice)) }
            let bytes = Int.random(in: 1...piece, using: &dice)
            sent.append((pacer.pass(bytes, at: now, rate: rate), bytes))
        }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0.at <= $1.at })
        for first in stride(from: 0, to: sent.count, by: 17) {
            var bytes = 0
            for last in first..<sent.count {
                let seconds = (sent[last].at - sent[first].at) / .seconds(1)
                #expect(Double(bytes) <= seconds * Double(rate.bytesPerSecond) + 1)
                bytes += sent[last].bytes
            }
        }
    }

    @Test func whatIsNotLimitedGoesAtOnce() {
        var pacer = Pacer()
        for _ in 0..<3 { #expect(pacer.pass(1 << 30, at: .seconds(5), rate: nil) == .seconds(5)) }
        #expect(Pacer.pieceBytes(at: nil, atMost: 1000) == 1000)
    }
}
