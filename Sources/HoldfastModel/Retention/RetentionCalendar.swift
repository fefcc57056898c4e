/// The hours, days, weeks and months by which backups are labelled and go: those of one time zone.
package struct RetentionCalendar: Sendable {
    package let zone: ZoneRules

    package init(zone: ZoneRules) { self.zone = zone }

    /// When something was, in every unit, counted from 1970.
    struct Position: Hashable, Sendable {
        var hour: Int64
        var day: Int64
        var month: Int64
        var dayOfMonth: Int64

        /// Weeks begin on Mondays; 1970 began on a Thursday.
        var week: Int64 { (day + 3) / 7 }

        func period(of label: RetentionLabel) -> Int64 {
            switch label {
            case .hourly: hour
            case .daily: day
            case .weekly: week
            case .monthly: month
            }
        }

        /// Whether something of this time has by `now` been kept for so many of the label's hours, days, weeks or months.
        func isPast(_ count: Int, _ label: RetentionLabel, at now: Position) -> Bool {
            let count = Int64(count)
            return switch label {
            case .hourly: now.hour - hour >= count
            case .daily: now.day - day >= count
            case .weekly: now.day - day >= 7 * count
            case .monthly: (now.month - month, now.dayOfMonth) >= (count, dayOfMonth)
            }
        }
    }

    func position(_ instant: Timestamp) -> Position {
        let local = zone.local(instant)
        let date = local.date
        return Position(
            hour: instant.milliseconds / 3_600_000, day: local.day, month: date.year * 12 + date.month - 1,
            dayOfMonth: date.day)
    }

    /// When the day after that instant's begins.
    func nextDay(after instant: Timestamp) -> Timestamp {
        let day = zone.local(instant).day
        let begin = zone.instant(of: LocalTime(day: day + 1, minute: 0))
        return begin > instant ? begin : zone.instant(of: LocalTime(day: day + 2, minute: 0))
    }
}
