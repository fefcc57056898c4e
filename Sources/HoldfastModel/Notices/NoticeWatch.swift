/// Notices what begins and ends: each is told once when it begins and once when it is over, whatever happens to the
/// coordinator in between.
package struct NoticeWatch: Hashable, Codable, Sendable {
    /// What is going on, by what it is about, and since when.
    package private(set) var begun: [String: Timestamp] = [:]

    package init() {}

    /// How something is at one look.
    package struct Sight: Hashable, Sendable {
        package enum State: Hashable, Sendable {
            case bad
            case good
            /// Between the two, or not known yet: as it was before.
            case unclear
        }

        /// Names what it is about, the same at each look.
        package var key: String
        package var state: State
        /// What is told where it is bad and was not, or the other way round.
        package var notice: Notice

        package init(key: String, state: State, notice: Notice) {
            self.key = key
            self.state = state
            self.notice = notice
        }
    }

    /// What is to be told after a look at everything there is. What isn't there any more is forgotten in silence.
    package mutating func look(_ sights: [Sight]) -> [Notice] {
        var notices: [Notice] = []
        var next: [String: Timestamp] = [:]
        for sight in sights {
            switch (sight.state, begun[sight.key]) {
            case (.bad, nil):
                next[sight.key] = sight.notice.at
                notices.append(sight.notice)
            case (.bad, let since?), (.unclear, let since?): next[sight.key] = since
            case (.good, .some): notices.append(sight.notice)
            case (.good, nil), (.unclear, nil): break
            }
        }
        begun = next
        return notices
    }
}
