/// Decides which of the jobs that want to be at work are, so that no limit is exceeded, and for each of the others why not.
///
/// Persons' jobs go before scheduled ones. Among these, the project goes first that has the least at work on the node, then
/// the one whose turn is longest ago, then the oldest job. A job that others passed over too often is *due*: it goes first,
/// and the places it needs are kept for it. So each job comes in time, as long as those at work end, and a place stays free
/// only where nobody who waits can use it, or for one that is due.
package struct JobQueue: Sendable {
    private struct Entry {
        var job: JobID
        var since: Timestamp
        var demand: QueueDemand
        var resources: [QueueResource]
        var wasAtWork = false
        /// How often a job that shares something with this one, the first of its lane, was started in its stead.
        var passedOver = 0
        var isDue = false

        init(_ job: JobID, since: Timestamp, _ demand: QueueDemand) {
            (self.job, self.since, self.demand, resources) = (job, since, demand, demand.resources)
        }

        func isOlder(than other: Entry) -> Bool { (since, job) < (other.since, other.job) }
    }

    /// Jobs of a project for a node; among those of one origin they go in the order of their age.
    private struct Lane: Hashable {
        var project: Name
        var node: NodeID
        var origin: QueueDemand.Origin?
    }

    /// The least goes first.
    private struct Rank: Comparable {
        var numbers: [Int]
        var since: Timestamp
        var job: JobID

        static func < (left: Rank, right: Rank) -> Bool {
            if let (left, right) = zip(left.numbers, right.numbers).first(where: { $0 != $1 }) { return left < right }
            return (left.since, left.job) < (right.since, right.job)
        }
    }

    /// What a job has come to that asked for a place, and who else may begin now.
    package struct Answer: Hashable, Sendable {
        /// Nil where the job has its place.
        package var reason: QueueReason?
        package var started: [JobID]
    }

    /// How often a job is passed over before it is due.
    package static let patience = 4

    package let limits: QueueLimits
    private var atWork: [JobID: Entry] = [:]
    private var waiting: [JobID: Entry] = [:]
    /// Nodes that can be given work.
    private var here: Set<NodeID> = []
    /// At work before, and not heard of since.
    private var expected: Set<JobID> = []
    /// When each project last got a place on each node, in starts.
    private var served: [Lane: Int] = [:]
    private var starts = 0

    package init(limits: QueueLimits) { self.limits = limits }

    // MARK: what happens

    /// These were at work under the coordinator before. Nobody else begins until each of them has asked or left.
    package mutating func expect(_ jobs: some Sequence<JobID>) { expected.formUnion(jobs) }

    /// A job wants to be at work, or still is. Asking again keeps its turn.
    package mutating func ask(_ job: JobID, since: Timestamp, _ demand: QueueDemand) -> Answer {
        var entry = waiting[job] ?? atWork[job] ?? Entry(job, since: since, demand)
        if expected.remove(job) != nil { entry.wasAtWork = true }
        (entry.demand, entry.resources) = (demand, demand.resources)
        let hasPlace = atWork[job]?.resources == entry.resources
        if hasPlace || !demand.canWait {
            waiting[job] = nil
            atWork[job] = entry
            return Answer(reason: nil, started: decide())
        }
        let gaveBack = atWork.removeValue(forKey: job) != nil
        waiting[job] = entry
        // Nobody who waits can begin, so only who just came could.
        let mustDecide = gaveBack || entry.wasAtWork || entry.isDue || reason(of: job) == nil
        let started = mustDecide ? decide() : []
        return Answer(reason: reason(of: job), started: started.filter { $0 != job })
    }

    /// A job needs no place, has ended, or gives its place back. Returns who begins now.
    package mutating func leave(_ job: JobID) -> [JobID] {
        expected.remove(job)
        atWork[job] = nil
        waiting[job] = nil
        return decide()
    }

    /// A job at work can't go on without its node: it gives its place back, and keeps its turn.
    package mutating func setAside(_ job: JobID) -> [JobID] {
        guard var entry = atWork.removeValue(forKey: job) else { return leave(job) }
        entry.wasAtWork = true
        waiting[job] = entry
        return decide()
    }

    package mutating func nodeIsHere(_ node: NodeID) -> [JobID] {
        here.insert(node).inserted ? decide() : []
    }

    /// Returns those that wait for this node and could be another's.
    package mutating func nodeIsAway(_ node: NodeID) -> [JobID] {
        guard here.remove(node) != nil else { return [] }
        return waiting.values.filter { $0.demand.node == node && !$0.demand.isPinned }.map(\.job).sorted()
    }

    // MARK: what is so

    package var jobsAtWork: [JobID] { atWork.keys.sorted() }
    package var jobsWaiting: [JobID] { waiting.keys.sorted() }

    /// Why a job waits; nil for one that doesn't.
    package func reason(of job: JobID) -> QueueReason? {
        guard let entry = waiting[job] else { return nil }
        var used = usage
        if let reason = obstacle(to: entry, used) { return reason }
        for other in due where other.job != job {
            reserve(other, in: &used)
            if obstacle(to: entry, used) != nil { return .reserved(other.job) }
        }
        return nil
    }

    // MARK: deciding

    private mutating func decide() -> [JobID] {
        var started: [JobID] = []
        while let job = next() {
            start(job)
            started.append(job)
        }
        return started
    }

    private func next() -> JobID? {
        var used = usage
        for entry in due {
            if obstacle(to: entry, used) == nil { return entry.job }
            reserve(entry, in: &used)
        }
        let busy = busy
        var best: (rank: Rank, job: JobID)?
        for entry in waiting.values where !entry.isDue && obstacle(to: entry, used) == nil {
            let rank = rank(of: entry, busy)
            if best.map({ rank < $0.rank }) ?? true { best = (rank, entry.job) }
        }
        return best?.job
    }

    private mutating func start(_ job: JobID) {
        guard let entry = waiting.removeValue(forKey: job) else { return }
        let busy = busy
        let rank = rank(of: entry, busy)
        let heads = heads.filter { $0.demand.sharesResource(with: entry.demand) }
        for head in heads where !head.isDue {
            // Whoever was before it could not begin.
            let isSkipped = self.rank(of: head, busy) < rank
            let isOutranked = head.demand.origin == .schedule && entry.demand.origin == .person
            if entry.isDue {
                waiting[head.job]?.passedOver = 0
            } else if isSkipped || isOutranked {
                waiting[head.job]?.passedOver += 1
            }
        }
        atWork[job] = entry
        starts += 1
        served[Lane(project: entry.demand.project, node: entry.demand.node)] = starts
        // One at a time of those that share something, so that being due does not become the rule.
        for head in heads.sorted(by: { $0.isOlder(than: $1) })
        where waiting[head.job]?.passedOver ?? 0 >= Self.patience {
            let isAlone = !due.contains { $0.demand.sharesResource(with: head.demand) }
            if isAlone { waiting[head.job]?.isDue = true }
        }
    }

    private var usage: [QueueResource: Int] {
        atWork.values.reduce(into: [:]) { used, entry in
            for resource in entry.resources { used[resource, default: 0] += 1 }
        }
    }

    /// Keeps places for one that is due, unless nobody is there who could do its work.
    private func reserve(_ entry: Entry, in used: inout [QueueResource: Int]) {
        guard here.contains(entry.demand.node) else { return }
        for resource in entry.resources { used[resource, default: 0] += 1 }
    }

    private func obstacle(to entry: Entry, _ used: [QueueResource: Int]) -> QueueReason? {
        guard here.contains(entry.demand.node) else {
            return .away(entry.demand.node, isPinned: entry.demand.isPinned)
        }
        if !expected.isEmpty, !entry.wasAtWork { return .resuming }
        for resource in entry.resources where used[resource] ?? 0 >= limits.places(of: resource) {
            return .full(resource, places: limits.places(of: resource))
        }
        return nil
    }

    private var due: [Entry] { waiting.values.filter(\.isDue).sorted { $0.isOlder(than: $1) } }

    /// How many jobs of each project are at work on each node.
    private var busy: [Lane: Int] {
        atWork.values.reduce(into: [:]) { busy, entry in
            busy[Lane(project: entry.demand.project, node: entry.demand.node), default: 0] += 1
        }
    }

    private func rank(of entry: Entry, _ busy: [Lane: Int]) -> Rank {
        let lane = Lane(project: entry.demand.project, node: entry.demand.node)
        let numbers = [
            entry.wasAtWork ? 0 : 1, entry.demand.origin.rawValue, busy[lane] ?? 0, served[lane] ?? 0,
        ]
        return Rank(numbers: numbers, since: entry.since, job: entry.job)
    }

    /// The oldest of each lane.
    private var heads: [Entry] {
        var heads: [Lane: Entry] = [:]
        for entry in waiting.values {
            let demand = entry.demand
            let lane = Lane(project: demand.project, node: demand.node, origin: demand.origin)
            guard let head = heads[lane] else {
                heads[lane] = entry
                continue
            }
            if entry.isOlder(than: head) { heads[lane] = entry }
        }
        return Array(heads.values)
    }
}
