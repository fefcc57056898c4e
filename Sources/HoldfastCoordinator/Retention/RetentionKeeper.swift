import HoldfastCatalog
package import HoldfastModel
import Logging

/// Reviews backups: labels the new ones, and lets go what the rules keep no more. After each backup its environment's,
/// and all of them when a day begins; never while the clock can't be trusted.
package struct RetentionKeeper: Sendable {
    let office: Office

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        for await environment in office.reviews.requests {
            do {
                try await review(environment)
            } catch {
                office.logger.error("Reviewing the backups of \(environment): \(HoldfastError(error))")
            }
        }
    }

    /// Until the task is cancelled.
    package func watchTheClock() async {
        while !Task.isCancelled {
            do {
                try await office.time.sleep(for: office.configuration.retentionPause)
                try await lookAtTheClock()
            } catch is CancellationError {
                return
            } catch {
                office.logger.error("Looking after retention: \(HoldfastError(error))")
            }
        }
    }

    /// Reviews everything once a day, and after a coordinator took office.
    package func lookAtTheClock() async throws {
        guard try await isClockTrusted() else { return }
        let zone = office.zones(office.configuration.timeZone) ?? .utc
        let reviewedAt = await office.retentionState.record.reviewedAt
        let isDone = reviewedAt.map { $0 >= office.leaderSince && zone.local($0).day == zone.local(office.now).day }
        if isDone != true { try await reviewAll() }
    }

    package func reviewAll() async throws {
        guard try await isClockTrusted() else { return }
        for environment in try await environments() {
            do {
                try await review(environment)
            } catch {
                office.logger.error("Reviewing the backups of \(environment): \(HoldfastError(error))")
            }
        }
        await office.retentionState.reviewed(at: office.now)
        try await save()
    }

    /// Those there are. Backups of one that was removed go only at a date that a person gave them.
    private func environments() async throws -> [EnvironmentReference] {
        var found = Set(try await office.catalog.all(Environment.self).map(\.value.reference))
        for project in try await office.catalog.all(Project.self).map(\.value.name) {
            for backup in try await office.catalog.all(Backup.self, group: project.text) {
                found.insert(backup.value.environment)
            }
        }
        return found.sorted()
    }

    /// A jump is written down, so that the next coordinator knows of it.
    private func isClockTrusted() async throws -> Bool {
        switch await office.retentionState.observe() {
        case .jumped(let pause):
            office.logger.warning(
                """
                The clock jumped by \(pause.jumpSeconds) seconds: retention pauses until it has been steady for a day, or \
                is set back
                """)
            try await save()
        case .settled:
            office.logger.notice("The clock has been steady: retention goes on")
            try await save()
        case nil: break
        }
        return await office.retentionState.pause == nil
    }

    private func save() async throws {
        let setting = Setting(.retention, await office.retentionState.record)
        let stored = try await office.catalog.get(Setting<RetentionRecord>.self, .retention)
        var changes = Changes()
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        try await office.ledger.commit(changes)
    }

    // MARK: one environment

    /// What has changed meanwhile is looked at anew.
    package func review(_ environment: EnvironmentReference) async throws {
        guard try await isClockTrusted() else { return }
        for _ in 0..<5 {
            do {
                try office.ledger.requireOffice()
                return try await carryOut(environment)
            } catch let error as HoldfastError where error.code == .conflict {
                continue
            }
        }
        office.logger.notice("The backups of \(environment) are being changed; they are reviewed later")
    }

    private func carryOut(_ environment: EnvironmentReference) async throws {
        let (scene, stored) = try await office.scene(of: environment)
        let review = RetentionReview(scene)
        // All at once: a backup that comes and the one that moves up for it belong together.
        var changes = Changes()
        for (id, labels) in review.relabelled.sorted(by: { $0.key < $1.key }) {
            guard let old = stored[id] else { continue }
            var backup = old.value
            backup.labels = labels
            try changes.put(backup, over: old)
            changes.writes.append(journal(backup, "retention: \(labels.text)"))
        }
        if !changes.writes.isEmpty { try await office.ledger.commit(changes) }
        guard review.relabelled.isEmpty else { return try await carryOut(environment) }
        for verdict in review.going {
            guard let old = stored[verdict.backup] else { continue }
            try await letGo(old, verdict, review, stored)
        }
    }

    /// What makes it superfluous must still be there in the transaction that lets it go.
    private func letGo(
        _ old: Stored<Backup>, _ verdict: RetentionVerdict, _ review: RetentionReview,
        _ stored: [BackupID: Stored<Backup>]
    ) async throws {
        let reason = verdict.reasons.map(\.description).joined(separator: "; ")
        var backup = old.value
        // By the clock that collection goes by.
        backup.delete(at: office.clock.now, windowDays: review.policy.windowDays, reason: "by rule: \(reason)")
        var changes = Changes()
        try changes.put(backup, over: old)
        let witnesses = Set(review.newest.values).subtracting([backup.id])
        changes.expects += witnesses.sorted().compactMap { stored[$0] }.map(Expectation.unchanged)
        changes.writes.append(journal(backup, "retention: goes by rule: \(reason)"))
        try await office.audited(
            "backup delete \(backup.id) by rule", by: "retention", from: .schedule,
            on: (backup.environment.project, backup.project)
        ) { try await office.ledger.commit(changes) }
        office.logger.info("Backup \(backup.id) of \(backup.environment) goes by rule: \(reason)")
    }

    private func journal(_ backup: Backup, _ text: String) -> Write {
        .journal(backup.job, at: office.now, entry: JournalText(text).entry)
    }
}

extension [PartLabel] {
    /// `daily`, or with its services where they differ.
    package var text: String {
        let texts = map { $0.label?.rawValue ?? "no label" }
        if let first = texts.first, texts.allSatisfy({ $0 == first }) { return first }
        return zip(self, texts).map { "\($0.service) \($1)" }.joined(separator: ", ")
    }
}
