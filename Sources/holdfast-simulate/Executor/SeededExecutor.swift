@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency

/// The one queue on which every task and actor of this process runs, with a clock that only moves when nothing is ready.
///
/// Of the jobs that are ready one is picked by the seed, so that a seed is one interleaving of everything, and the same one
/// each time. It rests on an interface of this toolchain that is not yet stable, which is why only the simulation uses it.
/// All of this executable's own state is touched by this one thread alone.
final class SeededExecutor: TaskExecutor, MainExecutor, SchedulingExecutor, @unchecked Sendable {
    /// Why a run ended.
    enum End: Hashable {
        case finished
        /// Nothing is ready and no timer is set, and what was waited for has not come.
        case stuck
        /// More steps than a seed may take, or too many without the clock moving.
        case livelock
    }

    static let shared = SeededExecutor()

    static let stepLimit = 6_000_000
    static let stepsPerInstant = 400_000

    private(set) var now = Duration.zero
    private(set) var steps = 0
    private var ready: [UnownedJob] = []
    /// By time, then by when they were set; the next one last.
    private var timers: [Timer] = []
    private var timerCount = 0
    private var random = Chance(seed: 0)

    private struct Timer {
        var at: Duration
        var number: Int
        var action: () -> Void
    }

    /// Forgets what is left of an earlier seed.
    func reset(seed: UInt64) {
        ready = []
        timers = []
        (now, steps, timerCount) = (.zero, 0, 0)
        random = Chance(seed: seed)
    }

    /// A value that two runs of a seed can only agree on if they took the same steps.
    var fingerprint: UInt64 { random.peek ^ UInt64(steps) }

    // MARK: running

    /// Runs jobs until the condition holds.
    func run(until isDone: () -> Bool) -> End {
        var atThisInstant = 0
        while !isDone() {
            if ready.isEmpty {
                guard let timer = timers.popLast() else { return .stuck }
                if timer.at > now { (now, atThisInstant) = (timer.at, 0) }
                timer.action()
            } else {
                let job = ready.remove(at: random.below(ready.count))
                // Not as the main actor's: from there every call of an actor, also of an idle one, would be a step of its own.
                job.runSynchronously(on: asUnownedTaskExecutor())
                steps += 1
                atThisInstant += 1
                if steps > Self.stepLimit || atThisInstant > Self.stepsPerInstant { return .livelock }
            }
        }
        return .finished
    }

    // MARK: timers

    /// Calls the action when the clock has moved on by as much.
    @discardableResult
    func after(_ delay: Duration, _ action: @escaping () -> Void) -> Int {
        timerCount += 1
        insert(Timer(at: now + max(.zero, delay), number: timerCount, action: action))
        return timerCount
    }

    func cancel(timer number: Int) { timers.removeAll { $0.number == number } }

    private func insert(_ timer: Timer) {
        let key = (timer.at, timer.number)
        var (low, high) = (0, timers.count)
        while low < high {
            let middle = (low + high) / 2
            if (timers[middle].at, timers[middle].number) > key { low = middle + 1 } else { high = middle }
        }
        timers.insert(timer, at: low)
    }

    // MARK: what the runtime asks

    func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        let job = UnownedJob(job)
        after(delay as? Duration ?? .zero) { self.ready.append(job) }
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
    ) {
        let job = UnownedJob(job)
        after(clock.now.duration(to: instant) as? Duration ?? .zero) { self.ready.append(job) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
    func checkIsolated() {}

    // The process's main function drives the queue itself.
    func run() throws { _ = run { false } }
    func stop() {}
}

/// Makes the seeded executor that of the whole process.
struct SeededExecutors: ExecutorFactory {
    static var mainExecutor: any MainExecutor { SeededExecutor.shared }
    static var defaultExecutor: any TaskExecutor { SeededExecutor.shared }

    static func install() { _createExecutors(factory: Self.self) }
}
