import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct QueueTests {
    private static let onePerNode: @Sendable (inout CoordinatorConfiguration) -> Void = { $0.limits.jobsPerNode = 1 }

    /// Environments of projects of their own.
    private func addProjects(_ names: [String], to cluster: Cluster) async throws -> [EnvironmentReference] {
        let environments = try names.map { try EnvironmentReference("\($0)/live") }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            for environment in environments {
                _ = try await cluster.perform(
                    coordinator, .projectCreate(ProjectCreate(name: environment.project)))
                try await cluster.makeEnvironment(coordinator, environment)
            }
        }
        for place in environments.flatMap(cluster.places) { await cluster.nodes.set(place, place) }
        return environments
    }

    private func begin(
        _ coordinator: Coordinator, _ environment: EnvironmentReference, _ cluster: Cluster
    ) async throws -> Accepted {
        let create = BackupCreate(environment: environment, wait: false)
        guard case .accepted(let accepted) = try await cluster.perform(coordinator, .backupCreate(create)) else {
            throw HoldfastError(.internal, "not accepted")
        }
        return accepted
    }

    @Test func aJobWaitsForItsTurnAndSaysForWhat() async throws {
        let cluster = try await Cluster()
        let others = try await addProjects(["blog", "wiki"], to: cluster)
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead(configure: Self.onePerNode) { (coordinator: Coordinator) async throws in
            let first = try await begin(coordinator, cluster.live, cluster)
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            let second = try await begin(coordinator, others[0], cluster)
            let third = try await begin(coordinator, others[1], cluster)
            for job in [second.job, third.job] {
                try await cluster.until("queued") { try await cluster.job(job).status == .queued }
            }
            guard case .jobs(let jobs) = try await cluster.perform(coordinator, .jobList(all: false)),
                case .job(let detail) = try await cluster.perform(coordinator, .jobShow(second.job))
            else { throw HoldfastError(.internal, "no jobs") }
            let waiting = jobs.filter { $0.status == .queued }
            #expect(waiting.map(\.waitingFor) == Array(repeating: "a place on node one (1 of 1 jobs)", count: 2))
            #expect(detail.journal.last?.text == "waits for a place on node one (1 of 1 jobs) in capture")
            let events = Events()
            let watched = Task { _ = try await cluster.perform(coordinator, .jobWatch(second.job), events: events) }
            try await cluster.until("told") {
                events.all.contains(.waiting("a place on node one (1 of 1 jobs)"))
            }
            // Called off while it waits; the one after it gets its turn.
            try await cluster.perform(coordinator, .backupCancel(try #require(second.backup)))
            await #expect(throws: HoldfastError.self) { try await watched.value }
            #expect(try await cluster.job(second.job).status == .cancelled)
            #expect(await cluster.nodes.count(of: "capture-services") == 1)
            await cluster.nodes.release()
            for job in [first.job, third.job] {
                try await cluster.until("ended") { try await cluster.job(job).status == .succeeded }
            }
            #expect(try await cluster.job(third.job).waitingFor == nil)
            #expect(await cluster.nodes.captures.map(\.environment) == [cluster.live, others[1]])
        }
    }

    /// With one place on the node, a restore and the safety backup that belongs to it.
    @Test func aSafetyBackupIsNotKeptWaitingByItsOwnRestore() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(
            configure: { configuration in
                configuration.limits.jobsPerNode = 1
                configuration.limits.jobsPerDatabaseServer = 1
                configuration.limits.jobsPerProject = 1
            }
        ) { (coordinator: Coordinator) async throws in
            let source = try await cluster.backUp(coordinator, cluster.live)
            async let one = cluster.restore(coordinator, source.id, into: cluster.test)
            async let other = cluster.backUp(coordinator, cluster.live)
            #expect(try await one.step == .kept)
            #expect(try await other.state == .complete)
        }
    }

    @Test func aSuccessorKeepsTheQueue() async throws {
        let cluster = try await Cluster()
        let others = try await addProjects(["a", "b", "c"], to: cluster)
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead(configure: Self.onePerNode) { (coordinator: Coordinator) async throws in
            // The last that came is at work when the coordinator ends.
            _ = try await begin(coordinator, others[2], cluster)
            try await cluster.until("captured") { await cluster.nodes.hangingCount == 1 }
            for environment in others.prefix(2) {
                cluster.time.advance(by: .seconds(1))
                let accepted = try await begin(coordinator, environment, cluster)
                try await cluster.until("queued") { try await cluster.job(accepted.job).status == .queued }
            }
        }
        #expect(await cluster.nodes.captures.isEmpty)
        try await cluster.lead(configure: Self.onePerNode) { _ in
            try await cluster.until("ended") { try await cluster.jobs().allSatisfy { $0.status == .succeeded } }
        }
        #expect(await cluster.nodes.captures.map(\.environment) == [others[2], others[0], others[1]])
    }

    /// The node comes only after the successor took office.
    @Test func theQueueIsKeptForANodeThatComesLater() async throws {
        let cluster = try await Cluster()
        let others = try await addProjects(["a", "b", "c"], to: cluster)
        await cluster.nodes.disconnect()
        try await cluster.lead(configure: Self.onePerNode) { (coordinator: Coordinator) async throws in
            for environment in [others[1], others[0], others[2]] {
                cluster.time.advance(by: .seconds(1))
                let accepted = try await begin(coordinator, environment, cluster)
                try await cluster.until("waiting") { try await cluster.job(accepted.job).waitingFor == "node one" }
                #expect(try await cluster.job(accepted.job).status == .waiting)
            }
            await cluster.nodes.connect()
            try await cluster.until("ended") { try await cluster.jobs().allSatisfy { $0.status == .succeeded } }
        }
        #expect(await cluster.nodes.captures.map(\.environment) == [others[1], others[0], others[2]])
    }

    // MARK: stalls

    /// Further away than the clock moves on by itself.
    private static let stalledAfter: @Sendable (inout CoordinatorConfiguration) -> Void = {
        $0.stalledAfter = .seconds(3600)
    }

    /// Moves the clock on while a capture hangs, each time by less than it takes to stall: one that begins meanwhile does not.
    private func passTime(
        _ cluster: Cluster, until what: String, _ condition: @Sendable () async throws -> Bool
    ) async throws {
        try await cluster.until(what) {
            if await cluster.nodes.hangingCount > 0 { cluster.time.advance(by: .seconds(600)) }
            return try await condition()
        }
    }

    @Test func aBackupThatMovesNoByteIsGivenUpTriedAgainAndFailsInTheEnd() async throws {
        let cluster = try await Cluster()
        for _ in 1...3 { await cluster.nodes.plan(.hang, for: "capture-services") }
        try await cluster.lead(configure: Self.stalledAfter) { (coordinator: Coordinator) async throws in
            let backup = Task { try await cluster.backUp(coordinator, cluster.live) }
            try await passTime(cluster, until: "given up") {
                try await cluster.jobs().contains { $0.status == .failed }
            }
            let error = await #expect(throws: HoldfastError.self) { try await backup.value }
            #expect(error?.code == .timedOut)
            #expect(error?.message.hasPrefix("Stalled: no byte was moved for 60 minutes") == true)
            let job = try #require(try await cluster.jobs().first)
            let journal = try await cluster.catalog.journal(of: job.id, after: 0, limit: 100)
            let stalls = journal.count { String(decoding: $0.entry, as: UTF8.self).contains("Stalled") }
            #expect(stalls == 3)
            #expect(job.createdAt.duration(to: cluster.time.now) >= .seconds(3 * 3600))
            // The next one finds its place free.
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
        }
    }

    @Test func oneThatGetsGoingAgainIsNotHeldUpByTheStall() async throws {
        let cluster = try await Cluster()
        await cluster.nodes.plan(.hang, for: "capture-services")
        try await cluster.lead(configure: Self.stalledAfter) { (coordinator: Coordinator) async throws in
            let backup = Task { try await cluster.backUp(coordinator, cluster.live) }
            try await passTime(cluster, until: "tried again") {
                await cluster.nodes.count(of: "capture-services") == 2
            }
            #expect(try await backup.value.state == .complete)
            #expect(await cluster.nodes.count(of: "capture-services") == 2)
        }
    }

    /// Who waits for a place, or for a node, does not stall.
    @Test func waitingIsNoStall() async throws {
        let cluster = try await Cluster()
        let others = try await addProjects(["a"], to: cluster)
        await cluster.nodes.disconnect()
        let configure: @Sendable (inout CoordinatorConfiguration) -> Void = { configuration in
            configuration.limits.jobsPerNode = 1
            Self.stalledAfter(&configuration)
        }
        try await cluster.lead(configure: configure) { (coordinator: Coordinator) async throws in
            let first = try await begin(coordinator, cluster.live, cluster)
            let second = try await begin(coordinator, others[0], cluster)
            for job in [first.job, second.job] {
                try await cluster.until("waiting") { try await cluster.job(job).waitingFor != nil }
            }
            for _ in 1...100 {
                cluster.time.advance(by: .seconds(3600))
                await Task.yield()
            }
            await cluster.nodes.connect()
            for job in [first.job, second.job] {
                try await cluster.until("ended") { try await cluster.job(job).status == .succeeded }
                let journal = try await cluster.catalog.journal(of: job, after: 0, limit: 100)
                #expect(!journal.contains { String(decoding: $0.entry, as: UTF8.self).contains("Stalled") })
            }
        }
    }

    /// Runs a watch over work that tells `steps`, one every 50 seconds, and then only waits.
    private func watch(_ steps: [Progress], thenFor seconds: Int) async throws {
        let time = ManualTime()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await StallWatch.watching(limit: .seconds(60), time: time) { watch in
                    for step in steps {
                        watch.saw(step)
                        try await time.sleep(for: .seconds(50))
                    }
                    try await time.sleep(for: .seconds(seconds))
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    for _ in 0..<50 { await Task.yield() }
                    if time.sleeperCount == 2 { time.advanceToNextSleeper(within: .seconds(1000)) }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    @Test func whatMovesDoesNotStallHoweverSlowly() async throws {
        try await watch((1...20).map { Progress(step: "capture", bytes: Int64($0)) }, thenFor: 9)
        var sent = (1...20).map { _ in Progress(step: "capture", bytes: 7) }
        for index in sent.indices { sent[index].movedBytes = Int64(index) }
        try await watch(sent, thenFor: 9)
        var uncounted = Progress(step: "stage", bytes: 7)
        uncounted.isUncounted = true
        try await watch([uncounted, uncounted, uncounted], thenFor: 1000)
    }

    @Test func sayingTheSameAgainIsNoProgress() async throws {
        let same = (1...3).map { _ in Progress(step: "capture", bytes: 7) }
        let error = await #expect(throws: HoldfastError.self) { try await watch(same, thenFor: 9) }
        #expect(error?.code == .timedOut && error?.isWorthRepeating == true)
        await #expect(throws: HoldfastError.self) {
            try await watch([Progress(step: "capture", bytes: 7)], thenFor: 11)
        }
    }
}
