import HoldfastModel

/// One incarnation of a simulated process. Everything by which it reaches the outside asks here first: once the life has
/// ended nothing it does has an effect, and its tasks simply unwind.
final class Life: @unchecked Sendable {
    /// What a dead process's calls throw. Nobody who lives ever sees it.
    struct Ended: Error {}

    let process: String
    let number: Int
    private(set) var isAlive = true
    // Touched by the executor's one thread.
    private var watchers: [Int: () -> Void] = [:]
    private var watcherCount = 0
    private var callsLeft: Int?
    private var atLastCall: () -> Void = {}

    init(process: String, number: Int) {
        self.process = process
        self.number = number
    }

    /// Counts a call to the outside, which may be the one at which the process dies: before it has an effect.
    func pass() throws {
        guard isAlive else { throw Ended() }
        guard let left = callsLeft else { return }
        callsLeft = left - 1
        guard left <= 0 else { return }
        callsLeft = nil
        atLastCall()
        if !isAlive { throw Ended() }
    }

    /// Has something happen at one of the next calls, within whatever the process does there.
    func interrupt(afterCalls count: Int, _ action: @escaping () -> Void) {
        callsLeft = count
        atLastCall = action
    }

    func end() {
        guard isAlive else { return }
        isAlive = false
        callsLeft = nil
        let all = watchers.sorted { $0.key < $1.key }
        watchers = [:]
        for watcher in all { watcher.value() }
    }

    func whenItEnds(_ action: @escaping () -> Void) -> Int {
        watcherCount += 1
        watchers[watcherCount] = action
        return watcherCount
    }

    func forget(_ watcher: Int) { watchers[watcher] = nil }
}
