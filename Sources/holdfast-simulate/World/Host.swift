import HoldfastModel

/// A machine that runs one process of the cluster, again and again: it can be killed, lose its power, and is started anew.
final class Host: @unchecked Sendable {
    /// How a process ends before its time.
    enum Death: String {
        /// What it had given to the operating system stays.
        case kill
        /// What was not synced is torn or lost, and nobody hears of its end.
        case powerCut = "power cut"
    }

    let name: String
    let clock = WallClock()
    /// Nil while nothing runs here.
    private(set) var life: Life?
    /// How long after an end the process is started again; nil for never.
    var restart: ClosedRange<Duration>? = .seconds(1) ... .seconds(15)
    /// Processes that have ended and whose tasks have not yet.
    private(set) var unwinding = 0

    // Touched by the executor's one thread.
    private let network: SimulatedNetwork
    private var chance: Chance
    private var lives = 0
    private var task: Task<Void, Never>?
    private var losePower: (inout Chance) -> Void = { _ in }
    private var body: @Sendable (Life) async throws -> Void = { _ in }

    init(_ name: String, _ network: SimulatedNetwork, _ chance: Chance) {
        (self.name, self.network, self.chance) = (name, network, chance)
    }

    /// - Parameters:
    ///   - losePower: what a power cut does to what the machine stores.
    ///   - body: the process, from its start to its end.
    func install(
        losePower: @escaping (inout Chance) -> Void = { _ in }, _ body: @escaping @Sendable (Life) async throws -> Void
    ) {
        (self.losePower, self.body) = (losePower, body)
    }

    func start() {
        guard life == nil else { return }
        lives += 1
        let life = Life(process: name, number: lives)
        self.life = life
        network.isBack(name)
        Trace.shared.note(.process, "\(name) starts, life \(lives)")
        unwinding += 1
        task = Task { [body] in
            do {
                try await body(life)
            } catch {
                if life.isAlive { Trace.shared.note(.process, "\(life.process) ends: \(HoldfastError(error).code)") }
            }
            self.unwinding -= 1
            self.end(life, silently: false)
        }
    }

    func die(_ death: Death) {
        guard let life else { return }
        Trace.shared.note(.fault, "\(death.rawValue) of \(name)")
        end(life, silently: death == .powerCut)
        if death == .powerCut { losePower(&chance) }
    }

    /// Dies within what it is about to do, at one of its next calls to the outside.
    func die(_ death: Death, afterCalls count: Int) {
        life?.interrupt(afterCalls: count) { self.die(death) }
    }

    /// Ends the process for good.
    func stop() {
        restart = nil
        if let life { end(life, silently: false) }
    }

    private func end(_ life: Life, silently: Bool) {
        guard self.life === life else { return }
        self.life = nil
        life.end()
        network.lose(life, silently: silently)
        task?.cancel()
        task = nil
        guard let restart else { return }
        SeededExecutor.shared.after(chance.duration(restart)) {
            // Unless it was stopped for good meanwhile.
            if self.restart != nil { self.start() }
        }
    }
}
