import Glibc
import Synchronization

/// The threads that a process's tasks run on. Unlike the default ones these may block, so code that reads a disk or waits
/// for a database server simply does so, and another thread goes on.
///
/// Tasks started under `withTaskExecutorPreference(_:)` run here together with the actors they call.
final class BlockingExecutor: TaskExecutor {
    private let queue: JobQueue

    init(threads: Int) {
        queue = JobQueue()
        for number in 0..<threads { start(number) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job))
    }

    /// The threads live as long as the process, and so does the executor: each holds a reference that is never given up.
    private func start(_ number: Int) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(&thread, nil, Self.body, context)
        precondition(status == 0, "the operating system gave no thread (\(number) of them are running)")
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        let executor = Unmanaged<BlockingExecutor>.fromOpaque(context).takeUnretainedValue()
        while true { executor.queue.next().runSynchronously(on: executor.asUnownedTaskExecutor()) }
    }
}

/// Jobs in the order they came. A thread that finds none sleeps until one comes.
private final class JobQueue: @unchecked Sendable {
    private var mutex = pthread_mutex_t()
    private var condition = pthread_cond_t()
    private var jobs: [UnownedJob] = []
    private var first = 0

    init() {
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&condition, nil)
    }

    func add(_ job: UnownedJob) {
        pthread_mutex_lock(&mutex)
        jobs.append(job)
        pthread_mutex_unlock(&mutex)
        pthread_cond_signal(&condition)
    }

    func next() -> UnownedJob {
        pthread_mutex_lock(&mutex)
        while first == jobs.count { pthread_cond_wait(&condition, &mutex) }
        let job = jobs[first]
        first += 1
        // Taken jobs are forgotten in bulk, so that taking one costs nothing.
        if first == jobs.count || first > 4096 {
            jobs.removeFirst(first)
            first = 0
        }
        pthread_mutex_unlock(&mutex)
        return job
    }
}
