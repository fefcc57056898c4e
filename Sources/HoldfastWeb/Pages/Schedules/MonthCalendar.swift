import HoldfastCommands
import HoldfastModel

/// A month with the backups of each day.
struct MonthCalendar {
    struct Day {
        struct Mark {
            let text: String
            let tone: String
            let title: String
        }

        let number: String
        let tone: String
        let marks: [Mark]
    }

    let title: String
    let weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    let days: [Day]

    /// The months in which backups lie, the newest first, and this one; at most three.
    static func months(of entries: [RetentionPreviewResult.Entry], at now: Timestamp) -> [MonthCalendar] {
        let byDay = Dictionary(grouping: entries.filter { $0.state == .complete }) { $0.createdAt.plain.prefix(10) }
        let months = Set(byDay.keys.map { $0.prefix(7) } + [now.plain.prefix(7)]).sorted().suffix(3)
        return months.reversed().compactMap { MonthCalendar(String($0), byDay, today: String(now.plain.prefix(10))) }
    }

    private init?(_ month: String, _ entries: [Substring: [RetentionPreviewResult.Entry]], today: String) {
        guard let first = Timestamp("\(month)-01T00:00:00Z") else { return nil }
        let dayLength: Int64 = 86_400_000
        // 1970-01-01 was a Thursday.
        let weekday = Int((first.milliseconds / dayLength + 3) % 7)
        var days = (0..<weekday).map { _ in Day(number: "", tone: "blank", marks: []) }
        var time = first
        while time.plain.hasPrefix(month) {
            let date = time.plain.prefix(10)
            let marks = Self.marks(entries[date] ?? [])
            // A narrow page leaves out days without a backup.
            let tone = date == today ? "today" : marks.isEmpty ? "none" : ""
            days.append(Day(number: String(Int(date.suffix(2)) ?? 0), tone: tone, marks: marks))
            time = time.advanced(by: .seconds(86_400))
        }
        title = Words.time(first).split(separator: ",")[0].split(separator: " ").dropFirst().joined(separator: " ")
        self.days = days
    }

    /// One for each label of the day, with how many bear it.
    private static func marks(_ entries: [RetentionPreviewResult.Entry]) -> [Day.Mark] {
        let names = entries.map { entry -> String in
            if entry.verdict.goes { return "goes" }
            let labels = entry.labels.compactMap(\.label)
            return labels.max()?.rawValue ?? Words.trigger(entry.trigger).lowercased()
        }
        return Set(names).sorted().map { name in
            let count = names.count { $0 == name }
            return Day.Mark(
                text: count == 1 ? name : "\(count) \(name)", tone: name == "goes" ? "bad" : tones[name] ?? "",
                title: HumanText.count(count, "backup"))
        }
    }

    private static let tones = ["monthly": "good", "weekly": "accent"]
}
