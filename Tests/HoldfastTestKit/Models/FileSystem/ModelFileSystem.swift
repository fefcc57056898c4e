import Glibc
package import HoldfastArchive
package import HoldfastModel
import HoldfastNode
import Synchronization

/// A file system in memory that does what Linux does and forgets what ext4 may forget.
///
/// Metadata is journalled in order: syncing anything makes all operations before it durable, and a power cut keeps some
/// first part of the later ones. Content is durable where its file, or the whole file system, was synced. Everything here
/// follows from the calls made and the generators given.
package final class ModelFileSystem: Sendable {
    package struct Options: Sendable {
        package var capacity: UInt64 = 1 << 40
        /// As of NFS or FUSE: two names can't be exchanged in one step.
        package var refusesExchange = false
        /// Fails a call, after it was begun: a failed sync loses what it was to write.
        package var fault: (@Sendable (FileCall, _ name: [UInt8]) -> Int32?)?

        package init() {}
    }

    package static let device: UInt64 = 0xfd01

    private let mutex: Mutex<ModelFileState>

    /// - Parameter clock: gives the times of inodes.
    package init(clock: @escaping @Sendable () -> FileTime) {
        mutex = Mutex(ModelFileState(clock: clock))
    }

    /// With milliseconds for its finest step, as kernels have: what happens within one bears the same time.
    package convenience init(time: any TimeSource) {
        self.init { FileTime(time.now) }
    }

    /// With a time of its own that goes on by a microsecond with each change.
    package convenience init() {
        let count = Counter()
        self.init {
            let next = count.next()
            return FileTime(seconds: 1_700_000_000 + next / 1_000_000, nanoseconds: UInt32(next % 1_000_000) * 1000)
        }
    }

    package func setOptions(_ change: (inout Options) -> Void) {
        mutex.withLock { change(&$0.options) }
    }

    /// The power fails and comes back: every open file is gone, and whatever was not durable may be.
    package func powerCut(using random: inout some RandomNumberGenerator) {
        mutex.withLock { $0.powerCut(using: &random) }
    }

    /// Another one whenever anything in the file system may be other than it was.
    package var version: Int { mutex.withLock { $0.version } }

    /// How many files and directories processes have open.
    package var openFiles: Int { mutex.withLock { $0.descriptors.count } }

    /// Another file system of the same content, durable and not, that no process has open. Copies no content.
    package func copy() -> ModelFileSystem {
        ModelFileSystem(
            mutex.withLock { state in
                var state = state
                for file in state.descriptors.keys { state.close(file) }
                return state
            })
    }

    private init(_ state: ModelFileState) { mutex = Mutex(state) }

    func nextProcess() -> Int {
        mutex.withLock { state in
            state.processes += 1
            return state.processes
        }
    }

    /// One operation: whole, or without effect where it throws.
    func perform<Result: Sendable>(
        _ body: (inout ModelFileState) throws(CallFailure) -> Result
    ) throws(CallFailure) -> Result {
        try mutex.withLock { state throws(CallFailure) in
            let result = try body(&state)
            state.endOperation()
            return result
        }
    }
}

extension FileTime {
    init(_ time: Timestamp) {
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        self.init(seconds: Int64(seconds), nanoseconds: UInt32(rest) * 1_000_000)
    }
}

private final class Counter: Sendable {
    private let value = Mutex<Int64>(0)

    func next() -> Int64 {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
