/// When something is to happen, as `cron` has it: minute, hour, day of the month, month and day of the week. A day
/// matches if either of the two kinds of day does, where neither is a star.
package struct CronExpression: Hashable, Sendable {
    private static let shorthands = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    private static let lengthLimit = 200

    package let text: String
    let minute: CronField
    let hour: CronField
    let dayOfMonth: CronField
    let month: CronField
    let dayOfWeek: CronField

    /// - Throws: `invalidArgument`, also for a date that never comes.
    package init(_ text: String) throws(HoldfastError) {
        let known = Self.shorthands[text.lowercased()] ?? text
        let fields = known.split { $0 == " " || $0 == "\t" }
        guard known.utf8.count <= Self.lengthLimit, fields.count == 5 else {
            throw HoldfastError(
                .invalidArgument,
                """
                “\(text.printable(limit: 60))” is no cron expression: write minute, hour, day of the month, month and \
                day of the week, as in "30 2 * * *"
                """)
        }
        self.text = fields.joined(separator: " ")
        minute = try CronField(fields[0], .minute)
        hour = try CronField(fields[1], .hour)
        dayOfMonth = try CronField(fields[2], .dayOfMonth)
        month = try CronField(fields[3], .month)
        dayOfWeek = try CronField(fields[4], .dayOfWeek)
        guard hasDays else {
            throw HoldfastError(
                .invalidArgument, "“\(text.printable(limit: 60))” never comes: no such month has such a day")
        }
    }

    private var hasDays: Bool {
        guard dayOfWeek.isStar, !dayOfMonth.isStar else { return true }
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return month.numbers.contains { month in dayOfMonth.numbers.contains { $0 <= longest[month - 1] } }
    }

    /// Whether something happens on this day of any year, at some time.
    func matches(day: Int64) -> Bool {
        let date = CivilDate(daysSince1970: day)
        guard month.matches(Int(date.month)) else { return false }
        let byDate = dayOfMonth.matches(Int(date.day))
        // 1970 began on a Thursday.
        let byWeekday = dayOfWeek.matches(Int(((day + 4) % 7 + 7) % 7))
        return dayOfMonth.isStar || dayOfWeek.isStar ? byDate && byWeekday : byDate || byWeekday
    }

    /// The label that what happens so often begins with.
    package var label: RetentionLabel {
        if minute.count * hour.count > 1 { return .hourly }
        switch (dayOfMonth.isStar, dayOfWeek.isStar) {
        case (true, true): return .daily
        case (true, false): return dayOfWeek.count == 1 ? .weekly : .daily
        case (false, true): return dayOfMonth.count == 1 ? .monthly : .daily
        case (false, false): return .daily
        }
    }
}

extension CronExpression: CustomStringConvertible {
    package var description: String { text }
}

extension CronExpression: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
