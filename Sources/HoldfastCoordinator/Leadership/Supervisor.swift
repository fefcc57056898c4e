/// The one place where work is started. Shutting down, or being deposed, cancels all of it and waits for its end.
package actor Supervisor {
    package typealias Work = @Sendable () async -> Void

    private let queue: AsyncStream<Work>
    private nonisolated let continuation: AsyncStream<Work>.Continuation

    package init() {
        (queue, continuation) = AsyncStream.makeStream(of: Work.self)
    }

    /// Takes work on; it begins when `run` does, and never after `stop`.
    package nonisolated func start(_ work: @escaping Work) { continuation.yield(work) }

    package nonisolated func stop() { continuation.finish() }

    /// Carries all work until the caller is cancelled or `stop` is called, and returns when the last of it has ended.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await work in queue { group.addTask { await work() } }
            group.cancelAll()
        }
    }
}
