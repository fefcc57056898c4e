import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives the repair of one project: has nodes fetch what they should hold and lack, and lets go of what others hold in their
/// place. It waits for no node: what one can't do now is done by a later repair.
package actor RepairJob: JobWork {
    /// Objects that a node is asked for at once, so that progress shows and a job can be called off.
    private static let batch = 16

    private let id: JobID
    private let project: ProjectID
    private let name: Name
    private let environment: EnvironmentReference
    private let office: Office
    /// What the copying saw, where it left nothing to do: a project that is whole is looked at once.
    private var settled: RepairLook?

    package init(_ job: Job, _ office: Office) {
        id = job.id
        project = job.project
        name = job.environment.project
        environment = job.environment
        self.office = office
    }

    package func perform(
        _ action: RepairMachine.Action, of machine: RepairMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<RepairMachine.Event> {
        switch action {
        case .copy: Outcome(.copied(try await copy(report)))
        case .drop: Outcome(.dropped(try await drop(report)))
        }
    }

    // MARK: copying

    private func copy(_ tell: @escaping @Sendable (CommandEvent) async -> Void) async throws -> RepairReport {
        var look = try await look()
        // Without all that are here nothing is decided: who has gone away meanwhile may be the one that knows of a removal.
        if let failure = look.failure { throw failure }
        // A node that was away when a backup was removed does not bring it back.
        if try await bury(look) > 0 { look = try await self.look() }
        let spared = try await spare(look.wronglyCondemned)
        let plan = look.plan
        var report = RepairReport()
        (report.objects, report.short, report.lost) = (look.needed.count, plan.short.count, plan.lost.count)
        let full = await office.registry.full
        var byTarget: [NodeID: [ObjectReference]] = [:]
        for copy in plan.copies where !full.contains(copy.target) {
            byTarget[copy.target, default: []].append(copy.object)
        }
        for node in full.sorted() where plan.copies.contains(where: { $0.target == node }) {
            report.problems.append(
                "Node \(await office.registry.text(of: node)) takes nothing: its disk is full or failed")
        }
        let meter = CopyMeter(total: byTarget.values.reduce(0) { $0 + $1.count }, tell)
        let terms = PlacementTerms(
            layout: look.placement.layout, policy: look.nodes.policy,
            away: look.placement.layout.members.map(\.node).filter { !look.here.contains($0) })
        let outcomes = try await fetch(byTarget, terms, meter)
        for outcome in outcomes {
            report.copied += outcome.objects.count
            report.copiedBytes += outcome.bytes
            if let problem = outcome.problem { report.problems.append(problem) }
        }
        let moved = Dictionary(outcomes.map { ($0.target, $0.objects) }, uniquingKeysWith: { $0.union($1) })
        try await hold(moved, look)
        report.completed = try await complete()
        if plan.isDone, report.completed == 0, spared == 0 { settled = look }
        return report
    }

    private func look() async throws -> RepairLook {
        try await RepairLook(office: office, project: project, name: name)
    }

    /// - Returns: on how many nodes something was to be spared.
    private func spare(_ shards: [NodeID: Set<ObjectName>]) async throws -> Int {
        for (node, shards) in shards.sorted(by: { $0.key < $1.key }) {
            let message = SpareShards(order: office.order(for: id), project: project)
            do {
                _ = try await office.call(node, message, bulk: shards.sorted().flatMap(\.bytes))
            } catch is Obstacle {
                // A later repair looks again.
                continue
            }
        }
        return shards.count
    }

    private func bury(_ look: RepairLook) async throws -> Int {
        do {
            return try await look.bury(look.tombstones, by: office.order(for: id))
        } catch let obstacle as Obstacle {
            throw HoldfastError(.unavailable, "\(obstacle.description) went away meanwhile")
        }
    }

    private struct Fetched: Sendable {
        var target: NodeID
        var objects: Set<ObjectReference> = []
        var bytes: Int64 = 0
        var problem: String?
    }

    /// All nodes at once, each its own.
    private nonisolated func fetch(
        _ byTarget: [NodeID: [ObjectReference]], _ terms: PlacementTerms, _ meter: CopyMeter
    ) async throws -> [Fetched] {
        try await withThrowingTaskGroup(of: Fetched.self) { group in
            for (target, objects) in byTarget {
                group.addTask { try await self.fetch(objects, to: target, terms, meter) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private nonisolated func fetch(
        _ objects: [ObjectReference], to target: NodeID, _ terms: PlacementTerms, _ meter: CopyMeter
    ) async throws -> Fetched {
        var fetched = Fetched(target: target)
        var missing = 0
        let name = await office.registry.text(of: target)
        for start in stride(from: 0, to: objects.count, by: Self.batch) {
            let batch = objects[start..<min(start + Self.batch, objects.count)]
            let message = FetchObjects(order: office.order(for: id), project: project, terms: terms)
            do {
                let answer = try await office.call(target, message, bulk: batch.flatMap(\.bytes))
                let refused = try Set(Self.references(answer.received))
                fetched.objects.formUnion(Set(batch).subtracting(refused))
                fetched.bytes += answer.reply.bytes
                missing += refused.count
                await meter.add(batch.count, bytes: answer.reply.bytes)
            } catch let obstacle as Obstacle {
                fetched.problem = "\(obstacle.description) went away"
                return fetched
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                fetched.problem = "Node \(name): \(error.message)"
                return fetched
            }
        }
        if missing > 0 { fetched.problem = "Node \(name) got \(missing) objects from nobody: no good copy is here" }
        return fetched
    }

    private static func references(_ bytes: [UInt8]) throws -> [ObjectReference] {
        let size = ObjectReference.byteCount
        guard bytes.count.isMultiple(of: size) else {
            throw HoldfastError(.malformed, "A node named objects in another form than was asked for")
        }
        return try stride(from: 0, to: bytes.count, by: size).map {
            try ObjectReference(bytes: Array(bytes[$0..<$0 + size]))
        }
    }

    /// What was held where it came from is held where it is now, for as long.
    private func hold(_ moved: [NodeID: Set<ObjectReference>], _ look: RepairLook) async throws {
        guard moved.values.contains(where: { !$0.isEmpty }) else { return }
        let layout = await office.registry.layout.number
        for (backup, needed) in try await heldBackups(look) {
            guard let until = backup.receipt?.heldUntil else { continue }
            for (node, moved) in moved.sorted(by: { $0.key < $1.key }) {
                let names = moved.intersection(needed).map(\.name).sorted()
                guard !names.isEmpty else { continue }
                let message = HoldObjects(
                    backup: backup.id, project: project, until: until, layout: layout,
                    lockedUntil: backup.receipt?.lockedUntil)
                do {
                    _ = try await office.call(node, message, bulk: names.flatMap(\.bytes))
                } catch is Obstacle {
                    // What it has is no copy to count on, and a later repair looks again.
                    continue
                }
            }
        }
    }

    /// Writes new receipts for degraded backups that have all their copies now.
    ///
    /// - Returns: how many.
    private func complete() async throws -> Int {
        let degraded = try await stored().filter { $0.value.receipt?.isDegraded ?? false }
        guard !degraded.isEmpty else { return 0 }
        let look = try await look()
        let objects = try await look.objects(of: Set(degraded.map(\.value.id)))
        let short = look.plan.short
        var count = 0
        for stored in degraded {
            guard let needed = objects[stored.value.id], needed.isDisjoint(with: short),
                Set(stored.value.parts.map { ObjectReference(.manifest, $0.manifest) }).isSubset(of: needed)
            else { continue }
            let (receipt, _) = try await look.nodes.hold(
                Set(needed.map(\.name)), for: stored.value.id, after: stored.value.receipt)
            guard receipt.fault(by: look.nodes.policy, in: look.placement.layout) == nil else { continue }
            var backup = stored.value
            backup.receipt = receipt
            var changes = Changes()
            try changes.put(backup, over: stored)
            do {
                try await office.ledger.commit(changes)
                count += 1
            } catch let error as HoldfastError where error.code == .conflict {
                continue
            }
        }
        return count
    }

    // MARK: dropping

    private func drop(_ tell: @escaping @Sendable (CommandEvent) async -> Void) async throws -> RepairReport {
        let look = if let settled { settled } else { try await look() }
        settled = nil
        let plan = look.plan
        var report = RepairReport()
        report.objects = look.needed.count
        guard !plan.surplus.isEmpty else {
            try await conclude(&report, look)
            return report
        }
        var doubtful: Set<ObjectReference> = []
        for (node, objects) in plan.successors.sorted(by: { $0.key < $1.key }) {
            doubtful.formUnion(try await examine(objects, on: node))
        }
        let held = try await heldBackups(look)
        let failed = try await all().map(\.value).filter { backup in
            // One that was deleted since has no receipt either.
            backup.state != .running && backup.receipt == nil && backup.removedAt == nil
        }.map(\.id)
        for (node, objects) in plan.surplus.sorted(by: { $0.key < $1.key }) {
            let proven = objects.subtracting(doubtful)
            guard !proven.isEmpty else { continue }
            let message = DropObjects(order: office.order(for: id), project: project, now: office.now)
            do {
                try await release(proven, on: node, held, failed)
                let reply = try await office.call(node, message, bulk: proven.sorted().flatMap(\.bytes)).reply
                report.dropped += reply.objects
                report.droppedBytes += reply.bytes
            } catch let obstacle as Obstacle {
                report.problems.append("\(obstacle.description) went away")
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                report.problems.append("Node \(await office.registry.text(of: node)): \(error.message)")
            }
        }
        try await conclude(&report, try await self.look())
        return report
    }

    /// What complete backups need of it they hold elsewhere by now, and what was left by those that failed nobody needs for
    /// their sake. One that is being made keeps what it holds: its receipt will count on that.
    private func release(
        _ objects: Set<ObjectReference>, on node: NodeID, _ held: [(backup: Backup, objects: Set<ObjectReference>)],
        _ failed: [BackupID]
    ) async throws {
        var releases = failed.map { ($0, objects) }
        // Also what an earlier attempt stored and held, and the backup was completed without.
        for (backup, _) in held { releases.append((backup.id, objects)) }
        for (backup, objects) in releases where !objects.isEmpty {
            let message = ReleaseObjects(order: office.order(for: id), project: project, backup: backup)
            _ = try await office.call(node, message, bulk: objects.map(\.name).sorted().flatMap(\.bytes))
        }
    }

    /// The complete backups whose holds have time left, with what they need.
    private func heldBackups(
        _ look: RepairLook
    ) async throws -> [(backup: Backup, objects: Set<ObjectReference>)] {
        let backups = try await stored().map(\.value).filter { backup in
            backup.receipt.map { $0.heldUntil > office.now } ?? false
        }
        let objects = try await look.objects(of: Set(backups.map(\.id)))
        return backups.compactMap { backup in objects[backup.id].map { (backup, $0) } }
    }

    /// - Returns: those that the node does not prove to have.
    private func examine(_ objects: Set<ObjectReference>, on node: NodeID) async throws -> Set<ObjectReference> {
        var doubtful: Set<ObjectReference> = []
        let sorted = objects.sorted()
        for start in stride(from: 0, to: sorted.count, by: Self.batch) {
            let batch = sorted[start..<min(start + Self.batch, sorted.count)]
            do {
                let answer = try await office.call(
                    node, ExamineObjects(project: project), bulk: batch.flatMap(\.bytes))
                doubtful.formUnion(try Self.references(answer.received))
            } catch is Obstacle {
                return doubtful.union(sorted[start...])
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                return doubtful.union(sorted[start...])
            }
        }
        return doubtful
    }

    /// How things are in the end.
    private func conclude(_ report: inout RepairReport, _ look: RepairLook) async throws {
        let plan = look.plan
        (report.short, report.lost) = (plan.short.count, plan.lost.count)
        report.left = plan.left.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            RepairReport.Left(node: $0.key, objects: $0.value)
        }
        if !look.silent.isEmpty, report.short > 0 {
            report.problems.append("What is on \(look.silent.sorted().joined(separator: ", ")) is not known")
        }
        guard !plan.lost.isEmpty else { return }
        let objects = try await look.objects(of: Set(look.lists.values.map(\.backup)))
        let backups = objects.filter { !$0.value.isDisjoint(with: plan.lost) }.keys.sorted()
        report.lostBackups = Array(backups.prefix(RepairReport.namedBackups))
    }

    /// Those that can be read, or taken back.
    private func stored() async throws -> [Stored<Backup>] {
        try await all().filter { [.complete, .deleted].contains($0.value.state) && $0.value.removedAt == nil }
    }

    private func all() async throws -> [Stored<Backup>] {
        try await office.catalog.all(Backup.self, group: name.text).filter { $0.value.project == project }
    }

    package func changes(from old: RepairMachine, to new: RepairMachine) async throws -> Changes { Changes() }

    package func reached(_ machine: RepairMachine) async {
        if machine.ending != nil { await office.environments[environment].dismiss(id) }
    }
}

/// Tells how far the copying is, for all nodes together.
private actor CopyMeter {
    private var progress: Progress
    private let tell: @Sendable (CommandEvent) async -> Void

    init(total: Int, _ tell: @escaping @Sendable (CommandEvent) async -> Void) {
        progress = Progress(step: RepairMachine.Step.copy.rawValue, totalItems: Int64(total))
        self.tell = tell
    }

    func add(_ objects: Int, bytes: Int64) async {
        progress.items += Int64(objects)
        progress.bytes += bytes
        await tell(.progress(progress))
    }
}
