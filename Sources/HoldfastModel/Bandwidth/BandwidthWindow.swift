/// Hours of the week with a rate of their own, by the clocks of some zone: `mon-fri 08:00-18:00`.
package struct BandwidthWindow: Hashable, Sendable {
    /// From 0, a Sunday.
    package let days: Set<Int>
    /// Minutes of the day. An end that is not after the start lies on the day after.
    package let start: Int
    package let end: Int
    /// Nil for as fast as it goes.
    package let rate: ByteRate?

    private static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// - Parameter hours: `mon-fri 08:00-18:00`, `sat,sun 00:00-24:00`, `daily 22:00-06:00`.
    /// - Throws: `invalidArgument`.
    package init(_ hours: String, rate: ByteRate?) throws(HoldfastError) {
        let words = hours.split(separator: " ")
        let times = words.last?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        guard words.count == 2, times.count == 2, let days = Self.days(words[0]), let start = Self.minute(times[0]),
            let end = Self.minute(times[1]), start < 24 * 60, start != end
        else {
            throw HoldfastError(
                .invalidArgument,
                """
                “\(hours.printable(limit: 60))” is no part of a week: write, for example, mon-fri 08:00-18:00, sat,sun \
                00:00-24:00 or daily 22:00-06:00
                """)
        }
        (self.days, self.start, self.end, self.rate) = (days, start, end, rate)
    }

    func contains(_ local: LocalTime) -> Bool {
        let (day, minute) = (Self.weekday(local.day), local.minute)
        if start < end { return days.contains(day) && (start..<end).contains(minute) }
        return days.contains(day) && minute >= start || days.contains(Self.weekday(local.day - 1)) && minute < end
    }

    /// The first day of 1970 was a Thursday.
    private static func weekday(_ day: Int64) -> Int { Int(((day + 4) % 7 + 7) % 7) }

    private static func days(_ text: Substring) -> Set<Int>? {
        if text == "daily" { return Set(0..<7) }
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                names.firstIndex(of: String($0))
            }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
            days.formUnion((0...(last - first + 7) % 7).map { (first + $0) % 7 })
        }
        return days
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute),
            hour * 60 + minute <= 24 * 60
        else { return nil }
        return hour * 60 + minute
    }
}
