import HoldfastModel

/// What each service has to contain, as the application and the restores have left it, and what it contained before.
struct Expectations {
    private struct Version {
        var since: Duration
        var content: Content
    }

    private var versions: [Place: [Version]] = [:]

    var places: [Place] { versions.keys.sorted() }

    subscript(place: Place) -> Content? { versions[place]?.last?.content }

    mutating func set(_ place: Place, _ content: Content) {
        guard self[place] != content else { return }
        versions[place, default: []].append(Version(since: SeededExecutor.shared.now, content: content))
    }

    /// What the place contained at any time from then on.
    func contents(of place: Place, since start: Duration) -> Set<Content> {
        let all = versions[place] ?? []
        let first = all.lastIndex { $0.since <= start } ?? 0
        return Set(all[min(first, all.count)...].map(\.content))
    }
}
