import Synchronization

/// How many files may be sent at once.
final class TransferSlots: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(_ limit: Int) { self.limit = limit }

    /// A place among them, until it is released; nil where all are taken.
    func take() -> TransferSlot? {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return isFree ? TransferSlot { [self] in taken.withLock { $0 -= 1 } } : nil
    }
}

/// Given back once, at the latest when nobody has it any more: an answer may never be sent.
final class TransferSlot: Sendable {
    private let giveBack: Mutex<(@Sendable () -> Void)?>

    fileprivate init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = Mutex(giveBack) }

    deinit { release() }

    func release() {
        let giveBack = giveBack.withLock { $0.take() }
        giveBack?()
    }
}
