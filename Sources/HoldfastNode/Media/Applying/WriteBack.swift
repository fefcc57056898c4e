import Synchronization

/// Has the file system write back what was written so far while more is written, so that the sync at the end finds little
/// left to do. It proves nothing.
final class WriteBack: Sendable {
    /// After which it is worth a sync.
    static let intervalBytes: Int64 = 96 << 20

    /// Opened by itself: the kernel tells of a failed write once to each open file, and the sync at the end must hear of it.
    private let directory: MediaHandle
    private let isRunning = Atomic(false)

    init(_ staging: MediaHandle) throws(CallFailure) {
        directory = try staging.directory(at: [UInt8(ascii: ".")])
    }

    /// - Returns: false while one is going on.
    func begin() -> Bool { !isRunning.exchange(true, ordering: .acquiringAndReleasing) }

    /// Once after each `begin` that said so.
    func run() {
        try? directory.syncFileSystem()
        isRunning.store(false, ordering: .releasing)
    }
}
