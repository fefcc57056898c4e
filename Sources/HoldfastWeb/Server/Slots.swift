import HoldfastModel
import Synchronization

/// How many may do something at once: all together, and from each place.
final class Slots: Sendable {
    enum Refusal: Error {
        /// All are taken.
        case all
        /// The place has as many as it may.
        case own
    }

    /// An owner of IPv6 has many networks, each of which counts as a place.
    private static let sitesOfOwner = 4

    private let limit: Int
    private let each: Int
    private let taken = Mutex<(all: Int, by: [String: Int])>((0, [:]))

    init(_ limit: Int, each: Int) {
        self.limit = limit
        self.each = each
    }

    /// One of them, until it is released.
    func take(for place: Place) throws(Refusal) -> Slot {
        let bounds = Dictionary(
            [(place.site, each), (place.owner, each * Self.sitesOfOwner)], uniquingKeysWith: { min($0, $1) })
        let refusal: Refusal? = taken.withLock { taken in
            guard bounds.allSatisfy({ taken.by[$0.key, default: 0] < $0.value }) else { return .own }
            guard taken.all < limit else { return .all }
            taken.all += 1
            for name in bounds.keys { taken.by[name, default: 0] += 1 }
            return nil
        }
        if let refusal { throw refusal }
        return Slot { [self] in giveBack(bounds.keys) }
    }

    private func giveBack(_ names: Dictionary<String, Int>.Keys) {
        taken.withLock { taken in
            taken.all -= 1
            for name in names {
                taken.by[name, default: 0] -= 1
                if taken.by[name, default: 0] <= 0 { taken.by[name] = nil }
            }
        }
    }
}

/// Given back once, at the latest when nobody has it any more: an answer may never be sent.
final class Slot: Sendable {
    private let giveBack: Mutex<(@Sendable () -> Void)?>

    fileprivate init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = Mutex(giveBack) }

    deinit { release() }

    func release() {
        let giveBack = giveBack.withLock { $0.take() }
        giveBack?()
    }
}
