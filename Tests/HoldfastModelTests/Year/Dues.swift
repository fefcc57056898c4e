import HoldfastModel

/// When schedules are due, found by looking at the clocks of their zones every quarter of an hour: what the year holds the
/// real ones against.
struct Dues {
    /// What a schedule of the year may say. Its minutes are whole quarters of an hour.
    struct Pattern: Hashable {
        let cron: String
        /// Of the day, in its zone.
        let minutes: Set<Int>
        /// From Sunday, 0; nil for all.
        let weekdays: Set<Int>?
        /// Due as time passes, and not once a day at a set time.
        let isPassing: Bool

        static let all = [
            Pattern(cron: "0 2 * * *", minutes: [120], weekdays: nil, isPassing: false),
            Pattern(cron: "30 0 * * *", minutes: [30], weekdays: nil, isPassing: false),
            Pattern(cron: "45 23 * * *", minutes: [1425], weekdays: nil, isPassing: false),
            Pattern(cron: "15 13 * * *", minutes: [795], weekdays: nil, isPassing: false),
            Pattern(cron: "30 2 * * mon-fri", minutes: [150], weekdays: [1, 2, 3, 4, 5], isPassing: false),
            Pattern(cron: "0 2 * * 0", minutes: [120], weekdays: [0], isPassing: false),
            Pattern(cron: "0 */6 * * *", minutes: [0, 360, 720, 1080], weekdays: nil, isPassing: true),
        ]
    }

    private static let quarter: Int64 = 900_000

    private struct Key: Hashable {
        var pattern: Pattern
        var zone: String
    }

    private let start: Int64
    /// By zone: what its clocks show at each quarter of an hour, in minutes since 1970.
    private var shown: [String: [Int64]] = [:]
    private let count: Int
    private var found: [Key: [Timestamp]] = [:]

    init(from start: Timestamp, days: Int) {
        self.start = start.milliseconds / Self.quarter * Self.quarter
        count = days * 96
    }

    /// All of them, in order.
    mutating func all(_ pattern: Pattern, _ zone: ZoneRules) -> [Timestamp] {
        let key = Key(pattern: pattern, zone: zone.name)
        if let known = found[key] { return known }
        let shown = clocks(of: zone)
        let indices = pattern.isPassing ? passing(pattern, shown) : set(pattern, shown)
        let dues = indices.map { Timestamp(milliseconds: start + Int64($0) * Self.quarter) }
        found[key] = dues
        return dues
    }

    private mutating func clocks(of zone: ZoneRules) -> [Int64] {
        if let known = shown[zone.name] { return known }
        let clocks = (0..<count).map { index in
            let instant = start + Int64(index) * Self.quarter
            return instant / 60_000 + Int64(zone.offsetSeconds(Timestamp(milliseconds: instant)) / 60)
        }
        shown[zone.name] = clocks
        return clocks
    }

    private func passing(_ pattern: Pattern, _ shown: [Int64]) -> [Int] {
        shown.indices.filter { pattern.minutes.contains(Int(shown[$0] % 1440)) }
    }

    /// Of each day the first moment at which its clocks show the time, or a later one where that is skipped.
    private func set(_ pattern: Pattern, _ shown: [Int64]) -> [Int] {
        var result: [Int] = []
        var index = 0
        guard let first = shown.first, let last = shown.last else { return [] }
        for day in first / 1440 + 1..<last / 1440 {
            // 1970 began on a Thursday.
            if let weekdays = pattern.weekdays, !weekdays.contains(Int((day + 4) % 7)) { continue }
            let target = day * 1440 + Int64(pattern.minutes.first ?? 0)
            while shown[index] < target { index += 1 }
            result.append(index)
        }
        return result
    }
}
