import HoldfastModel

/// Time zones whose rules are written out, so that tests depend on no machine's.
enum TestZones {
    static let utc = ZoneRules.utc
    /// Clocks go forward at 02:00 on the last Sunday of March, and back at 03:00 on the last of October.
    static let zurich = zone("Europe/Zurich", winter: 3600, summer: 7200) {
        (lastSunday($0, 3) * 86_400 + 3600, lastSunday($0, 10) * 86_400 + 3600)
    }
    /// At 02:00 on the second Sunday of March, and on the first of November.
    static let newYork = zone("America/New_York", winter: -5 * 3600, summer: -4 * 3600) {
        (sunday($0, 3, 2) * 86_400 + 7 * 3600, sunday($0, 11, 1) * 86_400 + 6 * 3600)
    }
    /// Half an hour only, and the other way round: in the south the middle of the year is winter.
    static let lordHowe = zone("Australia/Lord_Howe", winter: 39_600, summer: 37_800) {
        (sunday($0, 4, 1) * 86_400 - 9 * 3600, sunday($0, 10, 1) * 86_400 - 8 * 3600 - 1800)
    }
    /// Clocks go forward at midnight, so that a day has no 00:30, and back at midnight, so that one has two 23:30.
    static let midnight = zone("Test/Midnight", winter: 0, summer: 3600) {
        (lastSunday($0, 3) * 86_400, lastSunday($0, 10) * 86_400 - 3600)
    }
    static let kathmandu = ZoneRules(name: "Asia/Kathmandu") { _ in 20_700 }

    static let all = [utc, zurich, newYork, lordHowe, midnight, kathmandu]

    /// Summer is between the two seconds of its year; years are told by their average length, which is near enough for
    /// changes far from New Year's.
    private static func zone(
        _ name: String, winter: Int, summer: Int, _ changes: (Int64) -> (Int64, Int64)
    ) -> ZoneRules {
        let years = (1970..<2120).map(changes)
        return ZoneRules(name: name) { instant in
            let second = instant.milliseconds / 1000
            let (from, to) = years[Int(second / 31_556_952)]
            return second >= from && second < to ? summer : winter
        }
    }

    /// Days since 1970.
    private static func lastSunday(_ year: Int64, _ month: Int64) -> Int64 {
        let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1).daysSince1970
        return (0..<7).map { next - 1 - $0 }.first { ($0 + 4) % 7 == 0 } ?? 0
    }

    private static func sunday(_ year: Int64, _ month: Int64, _ number: Int64) -> Int64 {
        let first = CivilDate(year: year, month: month, day: 1).daysSince1970
        return (0..<7).map { first + $0 }.first { ($0 + 4) % 7 == 0 }.map { $0 + 7 * (number - 1) } ?? 0
    }
}

func time(_ text: String) -> Timestamp {
    guard let time = Timestamp(text) else { preconditionFailure(text) }
    return time
}

/// A generator that repeats itself from its seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
