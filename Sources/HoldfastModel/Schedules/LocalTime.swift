/// What the clocks of some zone show, in milliseconds since they showed the beginning of 1970.
package struct LocalTime: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(day: Int64, minute: Int) {
        milliseconds = day * 86_400_000 + Int64(minute) * 60_000
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// Days since 1970.
    package var day: Int64 { (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000 }
    package var date: CivilDate { CivilDate(daysSince1970: day) }
    /// Of the day, from 0.
    package var minute: Int { Int((milliseconds - day * 86_400_000) / 60_000) }
    package var hour: Int { minute / 60 }
}
