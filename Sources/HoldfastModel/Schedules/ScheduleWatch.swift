/// Which schedules have to be looked at: mostly those whose next run is due by now. All of them at the first look, and when
/// the clock was set back since the last: next runs were planned by the wrong one then, and may be far away.
package struct ScheduleWatch: Hashable, Sendable {
    private var last: Timestamp?

    package init() {}

    /// - Returns: whether all are to be looked at.
    package mutating func look(at now: Timestamp) -> Bool {
        defer { last = now }
        return last.map { now < $0 } ?? true
    }
}
