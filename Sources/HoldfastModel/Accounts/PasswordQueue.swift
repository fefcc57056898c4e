/// Whose password is looked at next, of those who ask at the same time: one is looked at at a time, because it takes much
/// memory and time on purpose.
///
/// There are two lines. Who is known, by a sign-in from the same place or because they are in already, stands in one, everybody
/// else in the other, and both are served in turn: no crowd of strangers keeps out who is known, and the other way round. In
/// each line an address has few places, so that many addresses are needed to fill it.
package struct PasswordQueue: Sendable {
    package enum Asker: Hashable, Sendable {
        /// By what they are counted, such as the account and the place.
        case known(String)
        case stranger(Place)
    }

    /// How many may stand in a line.
    package struct Limits: Hashable, Sendable {
        package var strangers = 64
        package var strangersOfSite = 2
        package var strangersOfOwner = 8
        package var known = 32
        package var knownOfOne = 8

        package init() {}
    }

    private struct Waiting {
        let number: UInt64
        let asker: Asker
    }

    private let limits: Limits
    /// In the order of their coming, with the one whose turn it is.
    private var known: [Waiting] = []
    private var strangers: [Waiting] = []
    private var current: UInt64?
    private var isStrangersTurn = false

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Somebody takes their place in a line; false where there is none for them.
    package mutating func enter(_ number: UInt64, _ asker: Asker) -> Bool {
        switch asker {
        case .known:
            guard known.count < limits.known, known.count(where: { $0.asker == asker }) < limits.knownOfOne else {
                return false
            }
            known.append(Waiting(number: number, asker: asker))
        case .stranger(let place):
            let places = strangers.compactMap(\.asker.place)
            guard places.count < limits.strangers,
                places.count(where: { $0.site == place.site }) < limits.strangersOfSite,
                places.count(where: { $0.owner == place.owner }) < limits.strangersOfOwner
            else { return false }
            strangers.append(Waiting(number: number, asker: asker))
        }
        return true
    }

    /// Whose turn it is now; nil while somebody has it, and where nobody waits. It is theirs until they leave.
    package mutating func next() -> UInt64? {
        guard current == nil else { return nil }
        let lines = isStrangersTurn ? [strangers, known] : [known, strangers]
        guard let first = lines.compactMap(\.first).first else { return nil }
        isStrangersTurn = first.asker.place == nil
        current = first.number
        return first.number
    }

    /// Somebody's password was looked at, or they won't wait any longer.
    package mutating func leave(_ number: UInt64) {
        if current == number { current = nil }
        known.removeAll { $0.number == number }
        strangers.removeAll { $0.number == number }
    }
}

extension PasswordQueue.Asker {
    fileprivate var place: Place? {
        if case .stranger(let place) = self { place } else { nil }
    }
}
