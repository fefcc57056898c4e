/// How fast bytes may go at which hours of the week.
package struct BandwidthTimetable: Sendable {
    /// Outside of all windows; nil for as fast as it goes.
    package let usual: ByteRate?
    /// Of those that hold an instant the first counts.
    package let windows: [BandwidthWindow]
    package let zone: ZoneRules

    package init(usual: ByteRate?, windows: [BandwidthWindow] = [], zone: ZoneRules = .utc) {
        self.usual = usual
        self.windows = windows
        self.zone = zone
    }

    /// Nil for as fast as it goes. What the clocks of the zone show decides: a window lasts an hour longer, or less, on the
    /// day on which they are changed within it.
    package func rate(at instant: Timestamp) -> ByteRate? {
        guard !windows.isEmpty else { return usual }
        let local = zone.local(instant)
        guard let window = windows.first(where: { $0.contains(local) }) else { return usual }
        return window.rate
    }
}
