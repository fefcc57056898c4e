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

    /// What the place contained then, and what it has contained since.
    func contents(of place: Place, since start: Duration) -> [Content] {
        let all = versions[place] ?? []
        // Of what was written at that very moment nobody knows on which side of it.
        let first = all.lastIndex { $0.since < start } ?? 0
        return all[min(first, all.count)...].map(\.content)
    }
}
