import HoldfastModel
import Testing

@Suite struct JobQueueTests {
    private func demand(
        _ project: String, node: Int = 1, servers: [String] = [], captures: Bool = false,
        _ origin: QueueDemand.Origin = .schedule, canWait: Bool = true
    ) throws -> QueueDemand {
        let node: NodeID = try identifier(node)
        return QueueDemand(
            project: try Name(project), node: node, servers: Set(servers.map { Self.server($0, node) }),
            captures: captures, origin: origin, canWait: canWait)
    }

    static func server(_ host: String, _ node: NodeID) -> DatabaseServerName {
        DatabaseServerName(
            DatabaseAddress(host: host, port: 5432, database: "d", user: "u", sslMode: "prefer"), reachedFrom: node)
    }

    private func queue(perNode: Int = 2, perServer: Int = 2, perProject: Int = 4) throws -> JobQueue {
        var limits = QueueLimits()
        (limits.jobsPerNode, limits.jobsPerDatabaseServer, limits.jobsPerProject) = (perNode, perServer, perProject)
        var queue = JobQueue(limits: limits)
        for node in 1...3 { _ = queue.nodeIsHere(try identifier(node)) }
        return queue
    }

    private func text(_ reason: QueueReason?) -> String? { reason?.text { "n\($0.text.drop { $0 == "0" })" } }

    private func since(_ second: Int) -> Timestamp { Timestamp(milliseconds: Int64(second) * 1000) }

    @Test func whoFindsNoPlaceIsToldWhyAndComesInTheOrderOfAge() throws {
        var queue = try queue()
        let jobs: [JobID] = try (1...5).map { try identifier($0) }
        for (index, job) in jobs.enumerated() {
            let reason = queue.ask(job, since: since(index), try demand("shop", .person)).reason
            #expect(text(reason) == (index < 2 ? nil : "a place on node n1 (2 of 2 jobs)"))
        }
        #expect(queue.leave(jobs[1]) == [jobs[2]])
        #expect(queue.ask(jobs[2], since: since(2), try demand("shop", .person)).reason == nil)
        #expect(queue.leave(jobs[3]) == [])
        #expect(queue.leave(jobs[0]) == [jobs[4]])
        #expect(queue.jobsAtWork == [jobs[2], jobs[4]] && queue.jobsWaiting.isEmpty)
    }

    @Test func everyLimitIsToldByItsName() throws {
        var queue = try queue(perNode: 9, perServer: 1, perProject: 2)
        _ = queue.ask(try identifier(1), since: since(0), try demand("shop", servers: ["db"], captures: true))
        let server = queue.ask(try identifier(2), since: since(1), try demand("blog", node: 2, servers: ["DB"]))
        #expect(text(server.reason) == "a place on database server db:5432 (1 of 1 jobs)")
        let capture = queue.ask(try identifier(3), since: since(2), try demand("shop", captures: true))
        #expect(text(capture.reason) == "the backup of project shop that node n1 is taking")
        #expect(queue.ask(try identifier(4), since: since(3), try demand("shop", node: 3)).reason == nil)
        let project = queue.ask(try identifier(5), since: since(4), try demand("shop", node: 2))
        #expect(text(project.reason) == "a place of project shop (2 of 2 jobs)")
        // Each machine has a localhost of its own.
        #expect(queue.ask(try identifier(6), since: since(5), try demand("a", servers: ["localhost"])).reason == nil)
        #expect(
            queue.ask(try identifier(7), since: since(6), try demand("b", node: 2, servers: ["localhost"])).reason
                == nil)
    }

    @Test func aProjectWithAThousandJobsKeepsNobodyWaiting() throws {
        var queue = try queue()
        for number in 1...1000 { _ = queue.ask(try identifier(number), since: since(0), try demand("big")) }
        let other: JobID = try identifier(5000)
        #expect(queue.ask(other, since: since(100), try demand("small")).reason != nil)
        let running = try #require(queue.jobsAtWork.first)
        #expect(queue.leave(running) == [other])
        // One place each from then on, as long as both have jobs.
        for number in 5001...5010 { _ = queue.ask(try identifier(number), since: since(200), try demand("small")) }
        for _ in 1...10 {
            let next = try #require(queue.jobsAtWork.last)
            #expect(queue.leave(next).count == 1)
            #expect(queue.jobsAtWork.count { $0 >= other } == 1)
        }
    }

    @Test func personsGoFirstAndSchedulesAreNotForgotten() throws {
        var queue = try queue(perNode: 1, perProject: 9)
        _ = queue.ask(try identifier(1), since: since(0), try demand("shop"))
        let scheduled: JobID = try identifier(2)
        _ = queue.ask(scheduled, since: since(1), try demand("shop"))
        for number in 10...30 {
            _ = queue.ask(try identifier(number), since: since(number), try demand("shop", .person))
        }
        var before = 0
        while let job = queue.jobsAtWork.first, job != scheduled {
            before += 1
            _ = queue.leave(job)
        }
        #expect(before == 1 + JobQueue.patience)
    }

    @Test func whatMayNotBeHeldUpIsNot() throws {
        var queue = try queue(perNode: 1)
        #expect(queue.ask(try identifier(1), since: since(0), try demand("shop")).reason == nil)
        #expect(queue.ask(try identifier(2), since: since(1), try demand("shop", canWait: false)).reason == nil)
        #expect(queue.jobsAtWork.count == 2)
        #expect(queue.ask(try identifier(3), since: since(2), try demand("shop")).reason != nil)
        #expect(queue.leave(try identifier(1)).isEmpty)
        #expect(queue.leave(try identifier(2)) == [try identifier(3)])
    }

    @Test func aNodeThatIsAwayHoldsUpNobodyElseAndItsJobsKeepTheirTurn() throws {
        var queue = try queue(perNode: 1, perServer: 1)
        let node: NodeID = try identifier(1)
        let (first, second, third): (JobID, JobID, JobID) = (try identifier(1), try identifier(2), try identifier(3))
        _ = queue.ask(first, since: since(0), try demand("shop", servers: ["db"]))
        _ = queue.ask(second, since: since(-1), try demand("blog", servers: ["db"], .person))
        _ = queue.ask(third, since: since(2), try demand("wiki", node: 2, servers: ["db"]))
        #expect(queue.nodeIsAway(node).isEmpty)
        #expect(queue.setAside(first) == [third])
        #expect(text(queue.reason(of: first)) == "node n1" && text(queue.reason(of: second)) == "node n1")
        #expect(queue.leave(third).isEmpty)
        #expect(queue.nodeIsHere(node) == [first])
        #expect(queue.leave(first) == [second])
    }

    @Test func aSuccessorLetsThoseGoOnFirstThatWereAtWork() throws {
        var queue = try queue(perNode: 1)
        queue.expect([try identifier(8), try identifier(9)])
        #expect(
            text(queue.ask(try identifier(1), since: since(0), try demand("a", .person)).reason)
                == "the jobs that were at work before")
        #expect(queue.leave(try identifier(9)).isEmpty)
        #expect(queue.ask(try identifier(8), since: since(5), try demand("b")).reason == nil)
        #expect(queue.leave(try identifier(8)) == [try identifier(1)])
    }

    /// A job needs two servers that others keep busy in turns: it is let in nonetheless.
    @Test func whoNeedsMuchIsNotStarved() throws {
        var queue = try queue(perNode: 9, perServer: 1, perProject: 9)
        var dice = 0
        var atWork: [JobID] = []
        func come(_ server: String, _ queue: inout JobQueue) throws {
            dice += 1
            let job: JobID = try identifier(dice)
            _ = queue.ask(job, since: since(dice), try demand("p\(dice % 7)", node: 2, servers: [server]))
            atWork.append(job)
        }
        try come("one", &queue)
        try come("two", &queue)
        let big: JobID = try identifier(9999)
        _ = queue.ask(big, since: since(dice), try demand("big", servers: ["one", "two"]))
        var rounds = 0
        while !queue.jobsAtWork.contains(big) {
            rounds += 1
            try #require(rounds < 50)
            try come(rounds.isMultiple(of: 2) ? "one" : "two", &queue)
            let ended = rounds.isMultiple(of: 2) ? queue.jobsAtWork.first : queue.jobsAtWork.last
            if let ended { _ = queue.leave(ended) }
        }
    }

    /// Random days: no limit is exceeded, nobody waits while there is room, and everybody comes in time.
    @Test(arguments: 1...60) func noLimitIsExceededAndNobodyStarves(_ seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        var limits = QueueLimits()
        limits.jobsPerNode = .random(in: 1...3, using: &dice)
        limits.jobsPerDatabaseServer = .random(in: 1...2, using: &dice)
        limits.jobsPerProject = .random(in: 1...4, using: &dice)
        var queue = JobQueue(limits: limits)
        let nodes: [NodeID] = try (1...2).map { try identifier($0) }
        for node in nodes { _ = queue.nodeIsHere(node) }
        var demands: [JobID: QueueDemand] = [:]
        var (came, ends): ([JobID: Int], [JobID: Int]) = ([:], [:])
        let rounds = 1500
        for round in 1...rounds {
            for (job, end) in ends where end == round {
                ends[job] = nil
                demands[job] = nil
                note(queue.leave(job), round)
            }
            // Much comes until two thirds are over; in between persons flood it.
            let isFlood = round % 300 < 150
            if round < rounds * 2 / 3, dice.chance(isFlood ? 60 : 30) {
                let job: JobID = try identifier(round)
                let servers = ["one", "two", "three"].filter { _ in dice.chance(25) }
                let demand = try demand(
                    "p\(Int.random(in: 1...(dice.chance(50) ? 1 : 5), using: &dice))",
                    node: .random(in: 1...2, using: &dice),
                    servers: servers, captures: dice.chance(40), dice.chance(isFlood ? 80 : 20) ? .person : .schedule)
                demands[job] = demand
                came[job] = round
                let answer = queue.ask(job, since: since(round), demand)
                note(answer.started, round)
                if answer.reason == nil { note([job], round) }
            }
            try check(queue, demands, limits)
        }
        #expect(came.isEmpty, "\(came.count) still wait")

        func note(_ started: [JobID], _ round: Int) {
            for job in started {
                guard came.removeValue(forKey: job) != nil else { continue }
                ends[job] = round + .random(in: 1...6, using: &dice)
            }
        }
    }

    private func check(_ queue: JobQueue, _ demands: [JobID: QueueDemand], _ limits: QueueLimits) throws {
        var used: [QueueResource: Int] = [:]
        for job in queue.jobsAtWork {
            for resource in try #require(demands[job]).resources { used[resource, default: 0] += 1 }
        }
        for (resource, count) in used { #expect(count <= limits.places(of: resource)) }
        for job in queue.jobsWaiting {
            switch try #require(queue.reason(of: job)) {
            case .full(let resource, let places):
                #expect(used[resource] == places && limits.places(of: resource) == places)
            case .reserved(let other): #expect(queue.jobsWaiting.contains(other))
            case .away, .resuming: Issue.record("\(job) waits for nothing that is so")
            }
        }
    }
}
