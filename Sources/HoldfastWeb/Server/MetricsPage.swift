import HoldfastCommands
import HoldfastModel

/// Prometheus' text, version 0.0.4.
struct MetricsPage {
    private var families: [(name: String, about: String, samples: [String])] = []
    private var now = Timestamp(milliseconds: 0)

    /// Those that have something to say.
    var names: Set<String> { Set(families.map(\.name)) }

    var text: String {
        families.map { family in
            "# HELP \(family.name) \(family.about)\n# TYPE \(family.name) gauge\n" + family.samples.joined()
        }.joined()
    }

    mutating func add(_ status: ClusterStatus) {
        now = status.now
        add("holdfast_leader", "1 where this coordinator leads.", [([], 1)])
        add("holdfast_epoch", "The leader's term of office.", [([], Double(status.epoch.number))])
        add("holdfast_leader_since_seconds", "When it began.", [([], seconds(status.leaderSince))])
        add("holdfast_jobs_open", "Jobs at work or waiting.", [([], Double(status.openJobs))])
        add(
            "holdfast_jobs_needing_attention", "Jobs that wait for a person.",
            [([], Double(status.needingAttention.count))])
        if let retention = status.retention {
            add(
                "holdfast_retention_paused", "1 while a clock that jumped keeps backups from going.",
                [([], retention.pause == nil ? 0 : 1)])
            let reviewed = retention.reviewedAt.map { [([(String, String)](), seconds($0))] } ?? []
            add("holdfast_retention_reviewed_seconds", "When all backups were last looked at for what goes.", reviewed)
        }
        func nodes(_ name: String, _ about: String, _ value: (NodeStatus) -> Double?) {
            add(
                name, about,
                status.nodes.compactMap { node in
                    value(node).map { ([("node", node.name.text), ("region", node.region.text)], $0) }
                })
        }
        nodes("holdfast_node_up", "1 for a node that answers.") { $0.state == .up ? 1 : 0 }
        nodes("holdfast_node_last_seen_seconds", "When it was last heard of.") { $0.lastSeen.map(seconds) }
        nodes("holdfast_node_takes_writes", "0 for a node whose space is short.") { $0.takesWrites.map { $0 ? 1 : 0 } }
        nodes("holdfast_node_capacity_bytes", "Its disk.") { $0.capacityBytes.map(Double.init) }
        nodes("holdfast_node_free_bytes", "What is free of it.") { $0.freeBytes.map(Double.init) }
        nodes("holdfast_node_stored_bytes", "What is stored there.") { $0.storedBytes.map(Double.init) }
        nodes("holdfast_node_objects", "Files stored there.") { $0.objects.map(Double.init) }
        nodes("holdfast_node_leaving", "1 for a node that is being drained.") { $0.leavingSince == nil ? 0 : 1 }
        nodes("holdfast_node_scrub_share", "How far the scrub is in its present pass, from 0 to 1.") { $0.scrub?.share }
        nodes("holdfast_node_scrub_finished_seconds", "When it last read everything back.") {
            $0.scrub?.finishedAt.map(seconds)
        }
        nodes("holdfast_node_scrub_damaged", "Objects that its scrubs found damaged or gone, ever.") {
            $0.scrub.map { Double($0.everDamaged) }
        }
    }

    mutating func add(_ environments: [EnvironmentDetail]) {
        func each(_ name: String, _ about: String, _ value: (EnvironmentDetail) -> Double?) {
            add(
                name, about,
                environments.compactMap { detail in
                    value(detail).map {
                        (
                            [
                                ("project", detail.environment.project.text),
                                ("environment", detail.environment.environment.text),
                            ], $0
                        )
                    }
                })
        }
        each("holdfast_backup_last_success_seconds", "When the last good backup was begun.") {
            $0.lastBackup.map { seconds($0.createdAt) }
        }
        each("holdfast_backup_age_seconds", "The age of the last good backup.") {
            $0.lastBackup.map { max(0, seconds(now) - seconds($0.createdAt)) }
        }
        each("holdfast_backup_duration_seconds", "How long it took.") { detail in
            detail.lastBackup.flatMap { backup in backup.endedAt.map { seconds($0) - seconds(backup.createdAt) } }
        }
        each("holdfast_backup_bytes", "Its size.") { detail in
            detail.lastBackup.map { Double($0.parts.reduce(0) { $0 + $1.sizes.logicalBytes }) }
        }
        each("holdfast_backup_stored_bytes", "What was stored for it.") { detail in
            detail.lastBackup.map { Double($0.parts.reduce(0) { $0 + $1.sizes.storedBytes }) }
        }
        each("holdfast_backup_copies", "By how many nodes it was held when it was complete.") { detail in
            detail.lastBackup?.receipt.map { Double($0.holdings.count) }
        }
        each("holdfast_backup_regions", "In how many regions these are.") { detail in
            detail.lastBackup?.receipt.map { Double(Set($0.holdings.map(\.region)).count) }
        }
        each("holdfast_schedule_next_seconds", "When the next scheduled backup begins.") {
            $0.schedule?.nextRuns.first.map { seconds($0.startsAt) }
        }
        each("holdfast_schedule_missed", "Scheduled runs that were missed last.") { detail in
            detail.schedule.map { Double($0.missed?.count ?? 0) }
        }
    }

    /// - Parameter jobs: those that are open, and those that ended last.
    mutating func add(_ jobs: [JobSummary]) {
        let groups = Dictionary(grouping: jobs) { [$0.kind.rawValue, $0.status.rawValue] }
        let counts = groups.mapValues { $0.filter { $0.endedAt == nil } }.filter { !$0.value.isEmpty }
        let ends = groups.compactMapValues { $0.compactMap(\.endedAt).max() }
        add(
            "holdfast_job_last_end_seconds",
            "When a job of this kind last ended so, such as a verification that failed.",
            ends.sorted { $0.key.joined() < $1.key.joined() }.map {
                ([("kind", $0.key[0]), ("status", $0.key[1])], seconds($0.value))
            })
        add(
            "holdfast_jobs", "Open jobs by kind and state.",
            counts.sorted { $0.key.joined() < $1.key.joined() }.map {
                ([("kind", $0.key[0]), ("status", $0.key[1])], Double($0.value.count))
            })
    }

    private mutating func add(_ name: String, _ about: String, _ samples: [([(String, String)], Double)]) {
        guard !samples.isEmpty else { return }
        let lines = samples.map { labels, value in
            // Names are letters, digits and hyphens: nothing in them needs a backslash.
            let marks = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
            let figure = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
            return "\(name)\(marks.isEmpty ? "" : "{\(marks)}") \(figure)\n"
        }
        families.append((name, about, lines))
    }

    private func seconds(_ time: Timestamp) -> Double { Double(time.milliseconds) / 1000 }
}
