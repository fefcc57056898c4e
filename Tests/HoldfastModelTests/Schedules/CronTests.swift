import HoldfastModel
import Testing

@Suite struct CronTests {
    /// What a person would do: look at every minute in turn, with a calendar of their own.
    private struct EveryMinute {
        let isDue: [Bool], days: Set<Int>, months: Set<Int>, weekdays: Set<Int>
        let isPassing: Bool, eitherDay: Bool

        init(_ text: String) {
            let fields = text.split(separator: " ").map(String.init)
            let minutes = Self.set(fields[0], 0, 59), hours = Self.set(fields[1], 0, 23)
            isDue = (0..<1440).map { hours.contains($0 / 60) && minutes.contains($0 % 60) }
            days = Self.set(fields[2], 1, 31)
            months = Self.set(fields[3], 1, 12)
            weekdays = Set(Self.set(fields[4], 0, 6).map { $0 % 7 })
            isPassing = fields[0].hasPrefix("*") || fields[1].hasPrefix("*")
            eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        }

        private static func set(_ text: String, _ low: Int, _ high: Int) -> Set<Int> {
            var result: Set<Int> = []
            for item in text.split(separator: ",") {
                let parts = item.split(separator: "/").map(String.init)
                let step = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
                var (first, last) = (low, high)
                if parts[0] != "*" {
                    let ends = parts[0].split(separator: "-").map { Int($0) ?? 0 }
                    (first, last) = (ends[0], ends.count > 1 ? ends[1] : parts.count > 1 ? high : ends[0])
                }
                for number in first...last where (number - first) % step == 0 { result.insert(number) }
            }
            return result
        }

        /// Whether clocks that show so many minutes since 1970 show a time that is meant.
        func means(_ local: Int64) -> Bool {
            let day = local / 1440
            guard isDue[Int(local % 1440)] else { return false }
            var (year, rest) = (1970, Int(day))
            func length(_ year: Int) -> Int { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365 }
            while rest >= length(year) {
                rest -= length(year)
                year += 1
            }
            var month = 1
            for days in [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
                if rest < days { break }
                rest -= days
                month += 1
            }
            let byDate = days.contains(rest + 1), byWeekday = weekdays.contains((Int(day) + 4) % 7)
            return months.contains(month) && (eitherDay ? byDate || byWeekday : byDate && byWeekday)
        }

        func all(from start: Timestamp, to end: Timestamp, in zone: ZoneRules) -> [Timestamp] {
            var found: [Timestamp] = []
            // The latest time that clocks have shown; going back, they show nothing new.
            var shown = local(start.milliseconds - 86_400_000, zone)
            for minute in stride(from: start.milliseconds - 86_400_000, to: end.milliseconds, by: 60_000) {
                let now = local(minute, zone)
                let isDue =
                    isPassing ? means(now) : now > shown && ((shown + 1)...now).contains(where: means)
                shown = max(shown, now)
                if isDue, minute > start.milliseconds { found.append(Timestamp(milliseconds: minute)) }
            }
            return found
        }

        private func local(_ milliseconds: Int64, _ zone: ZoneRules) -> Int64 {
            (milliseconds / 1000 + Int64(zone.offsetSeconds(Timestamp(milliseconds: milliseconds)))) / 60
        }
    }

    private static let expressions = [
        "0 2 * * *", "30 2 * * *", "30 2 * * 0", "15,45 2 * * *", "0 * * * *", "*/15 * * * *", "30 */2 * * *",
        "59 23 * * *", "30 0 * * *", "30 23 * * *", "0 3 1 * *", "0 3 31 * *", "0 3 13 * 5", "*/7 1-3 * * 0",
        "0 2 * 3,10 *", "5/20 2 * * 1-5", "0 0-6/2 */10 * *", "* 2 29 3 *",
    ]

    @Test(arguments: expressions, TestZones.all.indices)
    func asByLookingAtEveryMinute(_ text: String, _ index: Int) throws {
        let zone = TestZones.all[index]
        let expression = try CronExpression(text)
        let naive = EveryMinute(text)
        // The days around the changes of the clocks of these zones.
        for (from, to) in [
            ("2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z"), ("2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z"),
            ("2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z"), ("2027-10-01T00:00:00Z", "2027-10-05T00:00:00Z"),
            ("2027-10-29T00:00:00Z", "2027-11-02T00:00:00Z"), ("2027-11-05T00:00:00Z", "2027-11-09T00:00:00Z"),
        ] {
            let end = time(to)
            var found: [Timestamp] = []
            var at = time(from)
            while let next = expression.next(after: at, in: zone), next < end {
                found.append(next)
                at = next
            }
            let expected = naive.all(from: time(from), to: end, in: zone)
            #expect(found == expected, "\(text) in \(zone.name): \(Set(found).symmetricDifference(expected).sorted())")
        }
    }

    @Test(arguments: [
        ("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"),
        ("30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00.000Z"),
        ("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000Z"),
        ("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00.000Z"),
        ("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00.000Z"),
        ("0 5 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T04:00:00.000Z"),
    ])
    func whereClocksChange(_ text: String, _ after: String, _ next: String) throws {
        #expect(try CronExpression(text).next(after: time(after), in: TestZones.zurich)?.description == next)
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
        "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *", "-1 * * * *", "1- * * * *", "0 0 30 2 *",
        "0 0 31 4,6,9,11 *", "+1 * * * *", "0x1 * * * *", "*/61 * * * *", "@never", "١ * * * *",
        String(repeating: "1,", count: 200) + "1 * * * *",
    ])
    func refusals(_ text: String) {
        let error = #expect(throws: HoldfastError.self) { try CronExpression(text) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func namesAndShorthands() throws {
        #expect(try CronExpression("0 2 * jan-mar MON,fri").label == .daily)
        let sunday = try CronExpression("0 2 * * 7")
        #expect(sunday.next(after: time("2026-11-23T00:00:00Z"), in: .utc) == time("2026-11-29T02:00:00Z"))
        #expect(try CronExpression("@daily") == CronExpression("0 0 * * *"))
    }

    @Test(arguments: [
        ("0 * * * *", RetentionLabel.hourly), ("0 2,14 * * *", .hourly), ("0 2 * * *", .daily), ("0 2 * * 1-5", .daily),
        ("0 2 * * 0", .weekly), ("0 2 1 * *", .monthly), ("0 2 1,15 * *", .daily), ("0 2 1 * 0", .daily),
    ])
    func labels(_ text: String, _ label: RetentionLabel) throws {
        #expect(try CronExpression(text).label == label)
    }
}
