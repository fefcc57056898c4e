package import HoldfastModel

/// Who is at work and who waits for a place, as the queue decides.
package actor JobPlaces {
    private var queue: JobQueue
    private var signals: [JobID: Signal] = [:]
    private let nodes: any ConnectedNodes
    private let registry: NodeRegistry

    package init(limits: QueueLimits, nodes: any ConnectedNodes, registry: NodeRegistry) {
        queue = JobQueue(limits: limits)
        self.nodes = nodes
        self.registry = registry
    }

    /// Jobs of nodes that come begin. Until the task is cancelled.
    package func watch() async {
        for await change in await nodes.changes() {
            switch change {
            case .connected(let node): wake(queue.nodeIsHere(node))
            case .disconnected(let node): wake(queue.nodeIsAway(node))
            }
        }
    }

    /// These were at work under the coordinator before, and go on first.
    func expect(_ jobs: [JobID]) { queue.expect(jobs) }

    /// Returns once the job has a place; a job that needs none gives back what it has.
    ///
    /// - Throws: `Obstacle` where it has to wait.
    func take(_ demand: QueueDemand?, _ job: JobID, since: Timestamp) async throws {
        guard let demand else { return leave(job) }
        if await nodes.link(to: demand.node) != nil { wake(queue.nodeIsHere(demand.node)) }
        let answer = queue.ask(job, since: since, demand)
        wake(answer.started)
        guard let reason = answer.reason else {
            signals[job] = nil
            return
        }
        let signal = Signal()
        signals[job] = signal
        let text = await text(of: reason)
        guard case .away(let node, let isPinned) = reason else {
            throw Obstacle(description: text, kind: .queue) { try await signal.wait() }
        }
        throw Obstacle(description: text, kind: .queuedForNode) { [nodes] in
            if isPinned { try await nodes.wait(for: node) } else { try await nodes.waitForAnyNode() }
        }
    }

    /// The job has ended, or is not at work for a while.
    func leave(_ job: JobID) {
        signals[job] = nil
        wake(queue.leave(job))
    }

    /// The job can't go on without its node; it keeps its turn. One that another node could work for asks anew.
    func setAside(_ job: JobID, _ demand: QueueDemand?) async {
        guard let demand, demand.isPinned else { return leave(job) }
        if await nodes.link(to: demand.node) == nil { wake(queue.nodeIsAway(demand.node)) }
        wake(queue.setAside(job))
    }

    /// What a job waits for now; nil for one that waits for no place.
    func waitingFor(_ job: JobID) async -> String? {
        guard let reason = queue.reason(of: job) else { return nil }
        return await text(of: reason)
    }

    private func text(of reason: QueueReason) async -> String {
        let names = await registry.names
        return reason.text { names[$0]?.text ?? $0.text }
    }

    private func wake(_ jobs: [JobID]) {
        for job in jobs { signals.removeValue(forKey: job)?.send() }
    }
}
