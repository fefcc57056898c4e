import Synchronization

/// How many bytes have passed, for whoever tells.
final class ByteCount: Sendable {
    private let count = Atomic<Int64>(0)

    /// - Returns: all so far.
    func add(_ more: Int) -> Int64 { count.add(Int64(more), ordering: .relaxed).newValue }
}
