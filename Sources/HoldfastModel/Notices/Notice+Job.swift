extension Notice {
    /// What is to be told of a job that goes from one state to the next: its end, once, or that it waits for a person.
    ///
    /// - Returns: nil for nothing.
    package static func about(_ new: Job, after old: Job, at now: Timestamp) -> Notice? {
        var notice: Notice?
        if let attention = new.machine.attention {
            guard old.machine.attention == nil else { return nil }
            notice = Notice(
                .restoreStuck, at: now,
                text: """
                    Restore \(new.id) into \(new.environment) waits for you in step “\(attention.step)”: \
                    \(attention.reason.message) What to do: \(attention.whatToDo)
                    """)
        } else if new.endedAt != nil, old.endedAt == nil {
            notice = ended(new, at: now)
        }
        notice?.project = new.project
        notice?.environment = new.environment
        notice?.job = new.id
        return notice
    }

    private static func ended(_ job: Job, at now: Timestamp) -> Notice? {
        let reason = job.machine.failure?.message
        switch job.machine {
        case .backup(let machine):
            guard let reason else { return nil }
            var notice = Notice(
                .backupFailed, at: now, text: "Backup \(machine.backup) of \(job.environment) failed: \(reason)")
            notice.backup = machine.backup
            return notice
        case .restore(let saga):
            return Notice(.restoreFinished, at: now, text: text(of: saga, job, reason))
        case .verify(let machine):
            guard let reason else { return nil }
            var notice = Notice(
                .verificationFailed, at: now,
                text: "Backup \(machine.backup) of \(job.environment) did not pass its verification: \(reason)")
            notice.backup = machine.backup
            return notice
        case .download(let machine):
            guard job.status == .succeeded else { return nil }
            var notice = Notice(
                .downloadReady, at: now,
                text: """
                    Download \(machine.download) of backup \(machine.backup) of \(job.environment) is ready. \
                    `holdfast download links \(machine.download)` shows its links.
                    """)
            notice.backup = machine.backup
            return notice
        case .collect, .repair, .fileRestore: return nil
        }
    }

    private static func text(of saga: RestoreSaga, _ job: Job, _ reason: String?) -> String {
        let what =
            switch saga.plan.source {
            case .backup(let backup): "backup \(backup) into \(job.environment)"
            case .kept(let restore): "the content of \(job.environment) from before restore \(restore)"
            }
        return switch job.status {
        case .failed: "The restore of \(what) failed, and the destination is as it was before: \(reason ?? "")"
        case .cancelled: "The restore of \(what) was called off, and the destination is as it was before."
        default: "The restore of \(what) is done."
        }
    }
}
