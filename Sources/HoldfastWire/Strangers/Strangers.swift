/// The connections of a port whose peers have not yet shown who they are, and which of them goes when there are too many.
///
/// A newcomer is always let in: whoever comes with a thousand silent connections only pushes out its own. What has to go is,
/// of the address with the most connections, the one that has got least far, and of those the oldest. But whoever finished
/// TLS and stays unknown keeps no more than half of the places: a newcomer needs a moment before it has got anywhere, and
/// would have to go at once where all others had.
struct Strangers: Sendable {
    /// How far a connection has got; getting further costs its peer more.
    enum Progress: Int, Comparable, Sendable {
        case silent
        /// Has sent something.
        case speaking
        /// Has finished the TLS handshake.
        case encrypted

        static func < (left: Progress, right: Progress) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Stranger {
        let number: UInt64
        let origin: Origin
        var progress = Progress.silent
    }

    private let limits: StrangerLimits
    /// In the order of their coming.
    private var strangers: [Stranger] = []

    init(_ limits: StrangerLimits) { self.limits = limits }

    var count: Int { strangers.count }

    /// Lets a connection in. Returns the one that has to go for it.
    mutating func enter(_ number: UInt64, from origin: Origin) -> UInt64? {
        let victim = victim(for: origin)
        if let victim { leave(victim) }
        strangers.append(Stranger(number: number, origin: origin))
        return victim
    }

    mutating func got(_ number: UInt64, to progress: Progress) {
        guard let index = strangers.firstIndex(where: { $0.number == number }) else { return }
        strangers[index].progress = max(strangers[index].progress, progress)
    }

    func progress(of number: UInt64) -> Progress? { strangers.first { $0.number == number }?.progress }

    /// Forgets a connection: it has ended, or its peer is known now.
    mutating func leave(_ number: UInt64) { strangers.removeAll { $0.number == number } }

    private func victim(for origin: Origin) -> UInt64? {
        var counts: [Origin: Int] = [:]
        for stranger in strangers { counts[stranger.origin, default: 0] += 1 }
        let crowded: Int
        if counts[origin, default: 0] >= limits.perAddress {
            crowded = limits.perAddress
        } else {
            guard strangers.count >= limits.total else { return nil }
            crowded = counts.values.max() ?? 0
        }
        let candidates = strangers.filter { counts[$0.origin, default: 0] >= crowded }
        let lingering = candidates.filter { $0.progress == .encrypted }
        if lingering.count * 2 > candidates.count { return lingering.first?.number }
        // `min` gives the first of equals, which is the oldest.
        return candidates.min { $0.progress < $1.progress }?.number
    }
}
