import CZstd
import Glibc
import Synchronization

/// Working memory of zstd, a megabyte and more each, handed from one use to the next instead of made and cleared anew.
/// No more of them are kept than there are processors; the rest are freed when their use ends.
enum ZstdContexts {
    private struct Context: Sendable {
        /// Used by one task at a time: `popLast` gives it to one caller alone, who gives it back when done.
        nonisolated(unsafe) let pointer: OpaquePointer
    }

    private static let compressors = Mutex<[Context]>([])
    private static let decompressors = Mutex<[Context]>([])

    /// How many of each are kept.
    static let idleLimit = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// - Parameter body: gets nil where there is no memory.
    static func withCompressor<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        use(compressors, ZSTD_createCCtx, free: ZSTD_freeCCtx, body)
    }

    static func withDecompressor<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        use(decompressors, ZSTD_createDCtx, free: ZSTD_freeDCtx, body)
    }

    static var idle: (compressors: Int, decompressors: Int) {
        (compressors.withLock(\.count), decompressors.withLock(\.count))
    }

    private static func use<Result>(
        _ idle: borrowing Mutex<[Context]>, _ make: () -> OpaquePointer?, free: (OpaquePointer?) -> Int,
        _ body: (OpaquePointer?) -> Result
    ) -> Result {
        let known = idle.withLock { $0.popLast() }
        guard let pointer = known?.pointer ?? make() else { return body(nil) }
        defer {
            let isKept = idle.withLock { idle in
                guard idle.count < idleLimit else { return false }
                idle.append(Context(pointer: pointer))
                return true
            }
            if !isKept { _ = free(pointer) }
        }
        return body(pointer)
    }
}
