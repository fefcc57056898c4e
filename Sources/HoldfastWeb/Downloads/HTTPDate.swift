import HoldfastModel

/// Dates of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ time: Timestamp) -> String {
        let day = time.milliseconds / 86_400_000
        let date = CivilDate(daysSince1970: day)
        let time = time.plain.split(separator: " ").last ?? ""
        let number = date.day < 10 ? "0\(date.day)" : "\(date.day)"
        return "\(days[Int(day % 7)]), \(number) \(months[Int(date.month) - 1]) \(date.year) \(time) GMT"
    }

    /// Seconds since 1970; nil for what is no such date.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[2])), let year = Int64(words[3]),
            (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").map { Int64($0) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        let days = CivilDate(year: year, month: Int64(month) + 1, day: day).daysSince1970
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
