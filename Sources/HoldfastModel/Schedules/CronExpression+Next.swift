extension CronExpression {
    /// Longest time between two days that match: from 29 February to the next, over a year such as 2100.
    private static let dayLimit: Int64 = 8 * 366 + 2

    /// The first instant after that one at which this is due.
    ///
    /// Where clocks are changed, what is due at a set hour happens once: an hour that is skipped counts as its end, and of
    /// an hour that comes twice the first counts. What is due every so many hours or minutes goes by the time that passes.
    ///
    /// - Returns: nil only at the end of time.
    package func next(after instant: Timestamp, in zone: ZoneRules) -> Timestamp? {
        minute.isStar || hour.isStar ? nextPassing(after: instant, in: zone) : nextSet(after: instant, in: zone)
    }

    private func nextSet(after instant: Timestamp, in zone: ZoneRules) -> Timestamp? {
        // An hour that was skipped may belong to the day before.
        let start = zone.local(instant).day - 2
        for day in start...(start + Self.dayLimit) where matches(day: day) {
            for hour in hour.numbers {
                for minute in minute.numbers {
                    let due = zone.instant(of: LocalTime(day: day, minute: hour * 60 + minute))
                    if due > instant { return due }
                }
            }
        }
        return nil
    }

    private func nextPassing(after instant: Timestamp, in zone: ZoneRules) -> Timestamp? {
        let minuteLength: Int64 = 60_000
        var at = Timestamp(milliseconds: (instant.milliseconds / minuteLength + 1) * minuteLength)
        let end = at.milliseconds + Self.dayLimit * 86_400_000
        while at.milliseconds < end {
            let local = zone.local(at)
            let isDay = matches(day: local.day)
            if isDay, hour.matches(local.hour), minute.matches(local.minute % 60) { return at }
            let step: Int64
            if !isDay, !matches(day: local.day + 1), !matches(day: local.day + 2) {
                step = 24 * 60
            } else if isDay, hour.matches(local.hour) {
                step = 1
            } else {
                // Clocks are changed at whole quarters of an hour.
                step = 15 - at.milliseconds / minuteLength % 15
            }
            at = Timestamp(milliseconds: at.milliseconds + step * minuteLength)
        }
        return nil
    }
}
