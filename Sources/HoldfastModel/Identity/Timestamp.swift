/// An instant of the wall clock, in milliseconds since 1970 UTC. Written as RFC 3339 text in JSON.
///
/// Years 1970 to 9999.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    package func duration(to other: Timestamp) -> Duration {
        .milliseconds(other.milliseconds) - .milliseconds(milliseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-11-22T21:30:05.250Z`
    package var description: String {
        let (date, time) = (CivilDate(daysSince1970: floorDivide(milliseconds, 86_400_000)), timeOfDay)
        return "\(date)T\(time.text).\(pad(time.millisecond, 3))Z"
    }

    /// `2026-11-22 21:30:05`, in UTC, for people.
    package var plain: String {
        "\(CivilDate(daysSince1970: floorDivide(milliseconds, 86_400_000))) \(timeOfDay.text)"
    }

    private var timeOfDay: (text: String, millisecond: Int64) {
        // Of any number there is: the start of the earliest day is none.
        let rest = (milliseconds % 86_400_000 + 86_400_000) % 86_400_000
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60)
        return ("\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2))", rest % 1000)
    }

    /// Reads what `description` writes; the fraction may be missing.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard bytes[range].allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
            return Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        func separator(_ index: Int, _ character: Unicode.Scalar) -> Bool { bytes[index] == UInt8(ascii: character) }
        guard separator(4, "-"), separator(7, "-"), separator(10, "T"), separator(13, ":"), separator(16, ":"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let fraction = bytes.count == 24 ? (separator(19, ".") ? number(20..<23) : nil) : 0,
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let time = Timestamp(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a time such as 2026-11-22T21:30:05Z"))
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value / divisor - (value % divisor < 0 ? 1 : 0)
}

func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
