import Synchronization

/// A number that several tasks watch grow.
final class Tally: Sendable {
    private let value = Mutex(0)

    var current: Int { value.withLock { $0 } }

    func add(_ count: Int) { value.withLock { $0 += count } }

    func raise(to count: Int) { value.withLock { $0 = max($0, count) } }
}
