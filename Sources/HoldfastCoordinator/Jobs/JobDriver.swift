import HoldfastCatalog
import HoldfastCommands
package import HoldfastModel
import Logging

/// Drives one job's machine: performs the action that the journalled state asks for, feeds the outcome back, journals the
/// next state together with what belongs to it, and so on until nothing is left to do.
package actor JobDriver<Work: JobWork>: RunningJob {
    package typealias Machine = Work.Machine

    private enum Attempt {
        case outcome(Outcome<Machine.Event>)
        case obstacle(Obstacle)
        case failed(HoldfastError)
        case calledOff
    }

    private let id: JobID
    private let work: Work
    private let office: Office
    private let logger: Logger
    private nonisolated let stop = Signal()
    /// Transactions in a row that found something changed.
    private var conflicts = 0
    /// What the action needs a place on.
    private var demand: QueueDemand?

    package init(_ id: JobID, _ work: Work, _ office: Office) {
        self.id = id
        self.work = work
        self.office = office
        var logger = office.logger
        logger[metadataKey: "job"] = "\(id)"
        self.logger = logger
    }

    package nonisolated func cancel() { stop.send() }

    /// Returns when the job has ended or waits for a person, and, with the job left open for a successor, when the task is
    /// cancelled or the coordinator deposed.
    package func run() async {
        do {
            while try await step() {}
        } catch is CancellationError {
            logger.info("Left for the next coordinator")
        } catch let error as HoldfastError where error.code == .deposed {
            logger.warning("Left: another coordinator leads")
        } catch {
            logger.error("Left: \(HoldfastError(error))")
        }
        await office.places.leave(id)
    }

    /// Performs one action; false when there is none.
    private func step() async throws -> Bool {
        try Task.checkCancellation()
        let (stored, machine) = try await load()
        guard let action = machine.action else {
            // Once more, where it became known only now that the last write happened; saying it twice does no harm.
            await work.reached(machine)
            return false
        }
        if stop.isSent, machine.isCancellable {
            try await advance(stored, machine, by: Outcome(.cancelled))
            return true
        }
        var job = stored
        if job.value.waitingFor != nil {
            job.value.goOn()
            guard try await commit(job.value, over: stored, "goes on with \(machine.stepTitle)") else { return true }
            job = try await load().stored
        }
        await office.feeds.publish(.step(machine.stepName), of: id)
        switch await attempt(action, of: machine, since: job.value.createdAt) {
        case .outcome(let outcome):
            try await advance(job, machine, by: outcome)
        case .calledOff:
            await office.places.leave(id)
            try await advance(job, machine, by: Outcome(.cancelled))
        case .failed(let error):
            try Task.checkCancellation()
            try office.ledger.requireOffice()
            await office.places.leave(id)
            try await advance(job, machine, by: Outcome(.failed(error)))
        case .obstacle(let obstacle):
            try Task.checkCancellation()
            if obstacle.kind == .absence { await office.places.setAside(id, demand) }
            try await wait(for: obstacle, job, machine)
        }
        return true
    }

    private func load() async throws -> (stored: Stored<Job>, machine: Machine) {
        while true {
            do {
                guard let stored = try await office.catalog.get(Job.self, id),
                    let machine = Machine(stored.value.machine)
                else { throw HoldfastError(.notFound, "Job \(id) is no longer in the catalog") }
                return (stored, machine)
            } catch let error as HoldfastError where error.retryClass == .later {
                try await pauseForCatalog(error)
            }
        }
    }

    /// Performs the action in a task that ends early when the job is called off.
    private func attempt(_ action: Machine.Action, of machine: Machine, since: Timestamp) async -> Attempt {
        let epoch = office.ledger.epoch
        return await interruptible(machine) { [work, office, id] in
            do {
                let demand = try await work.demand(for: action, of: machine)
                await self.note(demand)
                try await office.places.take(demand, id, since: since)
                return .outcome(try await Self.perform(action, of: machine, by: work, id, office))
            } catch let obstacle as Obstacle {
                return .obstacle(obstacle)
            } catch {
                let error = HoldfastError(error)
                if error.code == .deposed {
                    // Unless it was this leader itself that rose above the term in which the order was given.
                    guard office.ledger.epoch == epoch else {
                        return .failed(
                            HoldfastError(.unavailable, "The order was of an earlier term: \(error.message)"))
                    }
                    office.ledger.depose()
                }
                // Nobody here called it off, so whoever did is about to come back.
                let isForeign = error.code == .cancelled && !Task.isCancelled
                return .failed(isForeign ? HoldfastError(.unavailable, "The node broke off: \(error.message)") : error)
            }
        }
    }

    private static func perform(
        _ action: Machine.Action, of machine: Machine, by work: Work, _ id: JobID, _ office: Office
    ) async throws -> Outcome<Machine.Event> {
        guard work.isWatched(action) else {
            return try await work.perform(action, of: machine) { await office.feeds.publish($0, of: id) }
        }
        return try await StallWatch.watching(limit: office.configuration.stalledAfter, time: office.time) { watch in
            try await work.perform(action, of: machine) { event in
                if case .progress(let progress) = event { watch.saw(progress) }
                await office.feeds.publish(event, of: id)
            }
        }
    }

    private func note(_ demand: QueueDemand?) { self.demand = demand }

    private func interruptible(
        _ machine: Machine, _ body: @escaping @Sendable () async -> Attempt
    ) async -> Attempt {
        guard machine.isCancellable else { return await body() }
        return await withTaskGroup(of: Attempt?.self) { [stop] group in
            group.addTask { await body() }
            group.addTask { (try? await stop.wait()).map { .calledOff } }
            var result: Attempt = .calledOff
            for await attempt in group {
                guard let attempt else { continue }
                result = attempt
                break
            }
            group.cancelAll()
            return result
        }
    }

    /// Journals what came of the action; pauses where the machine begins the same step again.
    private func advance(_ job: Stored<Job>, _ machine: Machine, by outcome: Outcome<Machine.Event>) async throws {
        var next = machine
        next.apply(outcome.event)
        var value = job.value
        value.reflect(next.wrapped, at: office.now)
        let notice = Notice.about(value, after: job.value, at: office.now)
        var changes: Changes
        do {
            changes = try await work.changes(from: machine, to: next)
            if let notice { changes.add(try await office.deliveries(of: [notice])) }
        } catch let error as HoldfastError where error.retryClass == .later {
            return try await pauseForCatalog(error)
        }
        var all = outcome.changes
        all.add(changes)
        let text = "\(machine.stepTitle) \(machine.attempt): \(outcome.event.text) → \(next.stepTitle)"
        guard try await commit(value, over: job, text, all) else { return }
        logger.info("\(text)")
        if notice != nil { office.hasNotices() }
        await work.reached(next)
        if let attention = next.wrapped.attention {
            await office.feeds.publish(.waiting("a person: \(attention.reason.message)"), of: id)
        }
        guard next.stepName == machine.stepName, next.action != nil else { return }
        if let error = outcome.event.failure {
            await office.feeds.publish(.note("Attempt \(machine.attempt) failed: \(error.message)"), of: id)
        } else if next.attempt == machine.attempt {
            return
        }
        // Also where the machine doesn't count: what fails is never begun again at once.
        await pause(office.configuration.pause(beforeAttempt: next.attempt), next)
    }

    private func wait(for obstacle: Obstacle, _ stored: Stored<Job>, _ machine: Machine) async throws {
        var next = machine
        next.apply(.lost)
        var job = stored.value
        job.machine = next.wrapped
        job.wait(for: obstacle.description, isQueued: obstacle.kind == .queue)
        guard try await commit(job, over: stored, "waits for \(obstacle.description) in \(machine.stepTitle)") else {
            return
        }
        logger.notice("Waits for \(obstacle.description)")
        await office.feeds.publish(.waiting(obstacle.description), of: id)
        let result = await interruptible(machine) {
            do {
                try await obstacle.wait()
                return .outcome(Outcome(.lost))
            } catch {
                return .failed(HoldfastError(error))
            }
        }
        try Task.checkCancellation()
        if case .failed = result { await pause(office.configuration.retryPause, machine) }
    }

    private func pause(_ duration: Duration, _ machine: Machine) async {
        _ = await interruptible(machine) { [office] in
            try? await office.time.sleep(for: duration)
            return .outcome(Outcome(.lost))
        }
    }

    /// Writes the job's next state. False where something it rests on has changed meanwhile, so that everything has to be
    /// looked at again; a full or failing disk below the catalog is waited for.
    private func commit(
        _ job: Job, over stored: Stored<Job>, _ text: String, _ changes: Changes = Changes()
    ) async throws -> Bool {
        var all = changes
        try all.put(job, over: stored)
        all.writes.append(.journal(id, at: office.now, entry: JournalText(text).entry))
        while true {
            do {
                try await office.ledger.commit(all)
                conflicts = 0
                return true
            } catch let error as HoldfastError where error.code == .deposed || error.code == .cancelled {
                throw error
            } catch let error as HoldfastError where error.code == .conflict {
                conflicts += 1
                if conflicts > 3 { try await office.time.sleep(for: office.configuration.retryPause) }
                return false
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                try await pauseForCatalog(HoldfastError(error))
                // The outcome is not known: what was written counts.
                let present = try await load().stored
                if present.revision != stored.revision { return present.value == job }
            }
        }
    }

    private func pauseForCatalog(_ error: HoldfastError) async throws {
        logger.error("The catalog: \(error)")
        await office.feeds.publish(.waiting("the catalog: \(error.message)"), of: id)
        try await office.time.sleep(for: office.configuration.retryPause)
    }
}
