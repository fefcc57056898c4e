/// A time zone: how far its clocks are from UTC at any instant. What says so is data from outside, handed in.
package struct ZoneRules: Sendable {
    /// As in the IANA database: `Europe/Zurich`.
    package let name: String
    /// Seconds east of UTC.
    package let offsetSeconds: @Sendable (Timestamp) -> Int

    package init(name: String, offsetSeconds: @escaping @Sendable (Timestamp) -> Int) {
        self.name = name
        self.offsetSeconds = offsetSeconds
    }

    package static let utc = ZoneRules(name: "UTC") { _ in 0 }

    package func local(_ instant: Timestamp) -> LocalTime {
        LocalTime(milliseconds: instant.milliseconds + Int64(offsetSeconds(instant)) * 1000)
    }

    /// The first instant at which clocks show this time. In an hour that is skipped, the instant of the skip.
    package func instant(of local: LocalTime) -> Timestamp {
        // Clocks of one zone are never changed twice in two days.
        let day: Int64 = 86_400_000
        let before = offset(at: local.milliseconds - day), after = offset(at: local.milliseconds + day)
        for offset in [before, after] {
            let instant = Timestamp(milliseconds: local.milliseconds - offset)
            if self.offset(at: instant.milliseconds) == offset { return instant }
        }
        return change(between: local.milliseconds - before - day, and: local.milliseconds - after + day, from: before)
    }

    private func offset(at milliseconds: Int64) -> Int64 {
        Int64(offsetSeconds(Timestamp(milliseconds: milliseconds))) * 1000
    }

    /// The first second whose offset is another one.
    private func change(between start: Int64, and end: Int64, from offset: Int64) -> Timestamp {
        var (low, high) = (start / 1000, end / 1000)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if self.offset(at: middle * 1000) == offset { low = middle } else { high = middle }
        }
        return Timestamp(milliseconds: high * 1000)
    }
}

/// What the zones of this cluster's programs are, by name; nil for a name that nobody knows.
package typealias ZoneLookup = @Sendable (String) -> ZoneRules?
