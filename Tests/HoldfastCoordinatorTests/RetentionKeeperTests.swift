import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct RetentionKeeperTests {
    /// Complete backups, one a day up to now, as a schedule would have made them.
    private func fill(_ cluster: Cluster, days: Int, trigger: Backup.Trigger = .scheduled) async throws -> [BackupID] {
        let epoch = try await cluster.catalog.takeOffice(above: Epoch(0))
        let project = try #require(try await cluster.catalog.get(Project.self, cluster.live.project)).value.id
        let services = [ServiceReference(.database), ServiceReference(.media)]
        var ids: [BackupID] = []
        for day in (0..<days).reversed() {
            let at = cluster.time.now.advanced(by: .seconds(-86_400 * day))
            var backup = Backup(
                id: BackupID(at: at, entropy: cluster.entropy), project: project, environment: cluster.live,
                job: JobID(at: at, entropy: cluster.entropy), trigger: trigger, services: services, note: nil,
                author: "test", createdAt: at)
            (backup.state, backup.endedAt) = (.complete, at)
            backup.parts = services.map { service in
                BackupPart(
                    service: service, manifest: ObjectName(bytes: [UInt8](repeating: 1, count: 32)),
                    references: ObjectName(bytes: [UInt8](repeating: 2, count: 32)), startedAt: at, endedAt: at,
                    sizes: PartSizes(), counts: .media(MediaCounts()), warnings: Warnings())
            }
            backup.receipt = Receipt(layout: 1, heldUntil: at, objects: 4, holdings: [])
            try await cluster.catalog.commit(Transaction(epoch: epoch, writes: [.put(backup)]))
            ids.append(backup.id)
        }
        return ids
    }

    private func backup(_ cluster: Cluster, _ id: BackupID) async throws -> Backup {
        try #require(try await cluster.catalog.get(Backup.self, id)).value
    }

    private func complete(_ cluster: Cluster) async throws -> [BackupID] {
        try await cluster.catalog.all(Backup.self, scope: "\(cluster.live)").map(\.value)
            .filter { $0.state == .complete }.map(\.id)
    }

    /// It is 21:00 in UTC and 22:00 in Zurich: two hours and ten minutes later a new day has begun in one of them.
    @Test(arguments: [("UTC", false), ("Europe/Zurich", true)])
    func daysBeginByTheClustersTimeZone(_ zone: String, _ hasBegun: Bool) async throws {
        let cluster = try await Cluster()
        try await cluster.lead(configure: { $0.timeZone = zone }) { (coordinator: Coordinator) async throws in
            try await coordinator.retention.lookAtTheClock()
            let first = await coordinator.office.retentionState.record.reviewedAt
            cluster.time.advance(by: .seconds(2 * 3600 + 600))
            try await coordinator.retention.lookAtTheClock()
            let second = await coordinator.office.retentionState.record.reviewedAt
            #expect(first != nil && (second != first) == hasBegun)
        }
    }

    @Test func surplusGoesSoftlyWithItsReasonInTheJournal() async throws {
        let cluster = try await Cluster()
        let ids = try await fill(cluster, days: 12)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.retention.review(cluster.live)
            let left = try await complete(cluster)
            // Twelve days hold two Mondays: seven daily ones, and what moved up for each week and the month.
            #expect(left.count < 12 && left.count >= 9, "\(left.count)")
            #expect(Set(ids.suffix(7)).isSubset(of: left))
            let gone = try #require(ids.first { !left.contains($0) })
            let backup = try await backup(cluster, gone)
            #expect(backup.state == .deleted && backup.deletionReason?.hasPrefix("by rule: ") == true)
            #expect(backup.removableAt == cluster.time.now.advanced(by: .seconds(7 * 86_400)))
            let journal = try await cluster.catalog.journal(of: backup.job, after: 0, limit: 10)
            #expect(journal.contains { String(decoding: $0.entry, as: UTF8.self).contains("goes by rule") })
            let commits = cluster.catalog.commitCount
            try await coordinator.retention.review(cluster.live)
            #expect(cluster.catalog.commitCount == commits)
        }
    }

    /// However often a commit fails in the middle, and whoever goes on: what is left in the end is the same.
    @Test func aCrashBetweenTwoChangesChangesNothing() async throws {
        let reference = try await Cluster()
        _ = try await fill(reference, days: 12)
        try await reference.lead { try await $0.retention.review(reference.live) }
        let expected = try await reference.catalog.all(Backup.self).map {
            ($0.value.id, $0.value.state, $0.value.labels)
        }
        for skipped in 0..<6 {
            for isAfter in [true, false] {
                let cluster = try await Cluster()
                _ = try await fill(cluster, days: 12)
                try await cluster.lead { coordinator in
                    let error = HoldfastError(.inputOutput, "the disk")
                    cluster.catalog.inject(isAfter ? .after(error) : .before(error), afterCommits: skipped)
                    _ = try? await coordinator.retention.review(cluster.live)
                }
                try await cluster.lead { try await $0.retention.review(cluster.live) }
                let found = try await cluster.catalog.all(Backup.self).map(\.value)
                #expect(found.map(\.id) == expected.map(\.0) && found.map(\.state) == expected.map(\.1))
                #expect(found.map(\.labels) == expected.map(\.2), "fault \(skipped)")
            }
        }
    }

    @Test func aClockThatJumpsPausesRetentionAndSaysSo() async throws {
        let cluster = try await Cluster()
        let ids = try await fill(cluster, days: 6, trigger: .onDemand)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            cluster.time.jump(by: .seconds(400 * 86_400))
            try await coordinator.retention.reviewAll()
            try await coordinator.retention.lookAtTheClock()
            #expect(try await complete(cluster) == ids)
            guard case .clusterStatus(let status) = try await cluster.perform(coordinator, .clusterStatus) else {
                throw HoldfastError(.internal, "no status")
            }
            #expect(status.retention?.pause?.jumpSeconds == Int64(400 * 86_400))
            #expect(status.retention?.resumesAt != nil)
        }
        // The next coordinator knows of it.
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.retention.reviewAll()
            #expect(try await complete(cluster) == ids)
            // Set right: it goes on at once, and nothing is old.
            cluster.time.jump(by: .seconds(-400 * 86_400))
            try await coordinator.retention.lookAtTheClock()
            #expect(await coordinator.office.retentionState.pause == nil)
            #expect(try await complete(cluster) == ids)
            // Forward, and it stays: a day later it counts.
            cluster.time.jump(by: .seconds(400 * 86_400))
            try await coordinator.retention.lookAtTheClock()
            cluster.time.advance(by: .seconds(23 * 3600))
            try await coordinator.retention.lookAtTheClock()
            #expect(try await complete(cluster) == ids)
            cluster.time.advance(by: .seconds(3601))
            try await coordinator.retention.lookAtTheClock()
            #expect(try await complete(cluster) == ids.suffix(3))
        }
    }

    @Test func aClockBehindTheCatalogPausesRetention() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { _ = try await cluster.backUp($0, cluster.live) }
        cluster.time.jump(by: .seconds(-3600))
        try await cluster.lead { #expect(await $0.office.retentionState.pause?.jumpSeconds ?? 0 < -3000) }
    }

    @Test func peopleKeepLetGoAndTakeBack() async throws {
        let cluster = try await Cluster()
        let ids = try await fill(cluster, days: 3, trigger: .onDemand)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let id = ids[0]
            try await cluster.perform(coordinator, .backupPin(id))
            try await cluster.perform(coordinator, .backupExpire(BackupExpire(backup: id, when: .after(seconds: 3600))))
            try await cluster.perform(coordinator, .backupNote(BackupNote(backup: id, note: "mine")))
            cluster.time.advance(by: .seconds(7200))
            try await coordinator.retention.review(cluster.live)
            #expect(try await backup(cluster, id).state == .complete)
            #expect(try await backup(cluster, id).note == "mine")
            try await cluster.perform(coordinator, .backupUnpin(id))
            try await cluster.until("gone by its date") { try await backup(cluster, id).state == .deleted }
            // What went by rule comes back pinned.
            try await cluster.perform(coordinator, .backupUndelete(id))
            try await coordinator.retention.review(cluster.live)
            let back = try await backup(cluster, id)
            #expect(back.pinnedAt != nil && back.state == .complete)
            try await cluster.perform(coordinator, .backupDelete(ids[1]))
            try await cluster.perform(coordinator, .backupUndelete(ids[1]))
            #expect(try await backup(cluster, ids[1]).pinnedAt == nil)
            // Only inside its window, with a margin.
            try await cluster.perform(coordinator, .backupDelete(ids[1]))
            cluster.time.advance(by: .seconds(7 * 86_400 - 599))
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupUndelete(ids[1]))
            }
            #expect(error?.code == .conflict)
            await #expect(throws: HoldfastError.self) {
                try await cluster.perform(
                    coordinator, .backupExpire(BackupExpire(backup: ids[2], when: .at(cluster.time.now))))
            }
        }
    }

    @Test func whatARestoreNeedsStays() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let source = try await cluster.backUp(coordinator, cluster.live).id
            _ = try await cluster.backUp(coordinator, cluster.live)
            try await cluster.perform(
                coordinator, .backupExpire(BackupExpire(backup: source, when: .after(seconds: 60))))
            await cluster.nodes.plan(.hang, for: "stage-services")
            async let restore = cluster.restore(coordinator, source, into: cluster.test)
            try await cluster.until("staging") { await cluster.nodes.hangingCount == 1 }
            cluster.time.advance(by: .seconds(100))
            try await coordinator.retention.review(cluster.live)
            #expect(try await backup(cluster, source).state == .complete)
            await cluster.nodes.release()
            _ = try await restore
            try await coordinator.retention.review(cluster.live)
            #expect(try await backup(cluster, source).state == .deleted)
        }
    }

    @Test func whatADownloadNeedsStays() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let source = try await cluster.backUp(coordinator, cluster.live).id
            _ = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: source))
            try await cluster.perform(
                coordinator, .backupExpire(BackupExpire(backup: source, when: .after(seconds: 60))))
            cluster.time.advance(by: .seconds(100))
            try await coordinator.retention.review(cluster.live)
            #expect(try await backup(cluster, source).state == .complete)
            try await cluster.perform(coordinator, .downloadRevoke(download.id))
            try await coordinator.retention.review(cluster.live)
            #expect(try await backup(cluster, source).state == .deleted)
        }
    }

    @Test func previewsTellAndChangeNothing() async throws {
        let cluster = try await Cluster()
        _ = try await fill(cluster, days: 7)
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await coordinator.retention.review(cluster.live)
            let before = try await cluster.catalog.all(Backup.self)
            var rules = RetentionRules()
            (rules.daily, rules.weekly, rules.monthly) = (2, 0, 0)
            for (tried, isSaved) in [(RetentionRules(), true), (rules, false)] {
                let preview = RetentionPreview(environment: cluster.live, rules: tried)
                guard
                    case .retentionPreview(let result) = try await cluster.perform(
                        coordinator, .retentionPreview(preview))
                else { throw HoldfastError(.internal, "no preview") }
                #expect(result.isSaved == isSaved && result.backups.count == 7)
                #expect(result.backups.allSatisfy { !$0.verdict.reasons.isEmpty })
                #expect(result.backups.contains { $0.verdict.goes } == !isSaved)
                if isSaved { #expect(result.backups.allSatisfy { $0.verdict.goesAt != nil }) }
            }
            #expect(try await cluster.catalog.all(Backup.self) == before)
            // Set for the project, and otherwise for the environment.
            try await cluster.perform(
                coordinator, .retentionSet(RetentionSet(scope: .project(cluster.live.project), rules: rules)))
            var own = RetentionRules()
            own.daily = 5
            let set = RetentionSet(scope: .environment(cluster.live), rules: own)
            guard case .retention(let detail) = try await cluster.perform(coordinator, .retentionSet(set)) else {
                throw HoldfastError(.internal, "no rules")
            }
            #expect((detail.policy.daily, detail.policy.weekly) == (5, 0) && detail.own == own)
            guard
                case .retention(let reset) = try await cluster.perform(
                    coordinator, .retentionReset(.environment(cluster.live)))
            else { throw HoldfastError(.internal, "no rules") }
            #expect(reset.policy.daily == 2 && reset.own.isEmpty)
        }
    }
}
