import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastWeb

/// The examples for Prometheus and Grafana name what there is.
struct MonitoringTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("cluster-config/monitoring")

    private func read(_ name: String) throws -> String {
        try String(contentsOf: Self.directory.appendingPathComponent(name), encoding: .utf8)
    }

    /// A page that has everything to tell.
    private func page() throws -> MetricsPage {
        let now = SampleSource.now
        let live = try EnvironmentReference("shop/live")
        var scrub = ScrubState(startedAt: now)
        scrub.finishedAt = now
        let node = NodeStatus(
            id: .sample, name: try Name("one"), region: try Name("eu"), address: nil, state: .up, lastSeen: now,
            capacityBytes: 10, freeBytes: 5, objects: 1, storedBytes: 5, takesWrites: true, scrub: scrub)
        var page = MetricsPage()
        page.add(
            ClusterStatus(
                softwareVersion: "1", epoch: Epoch(1), leaderSince: now, now: now, nodes: [node], projects: 1,
                openJobs: 1, needingAttention: [], retention: RetentionStatus(reviewedAt: now)))
        var backup = Backup(
            id: .sample, project: .sample, environment: live, job: .sample, trigger: .scheduled, services: [],
            note: nil, author: "x", createdAt: now)
        backup.endedAt = now
        backup.receipt = Receipt(
            layout: 1, heldUntil: now, objects: 1,
            holdings: [Receipt.Holding(node: .sample, region: try Name("eu"), objects: 1, bytes: 1)])
        let schedule = Schedule(
            environment: live, project: .sample, author: "x", createdAt: now, timing: .preset(.daily), zone: "UTC",
            jitterSeconds: 0)
        let runs = try schedule.runs(after: now, in: .utc, count: 1)
        page.add([
            EnvironmentDetail(
                environment: live, node: nil, undoWindowSeconds: 0, services: [], lastBackup: backup,
                schedule: ScheduleDetail(schedule, label: nil, nextRuns: runs, last: nil))
        ])
        func job(_ kind: Job.Kind, _ status: Job.Status, endedAt: Timestamp? = nil) -> JobSummary {
            JobSummary(
                id: .sample, kind: kind, environment: live, status: status, step: "capture", author: "x",
                createdAt: now, endedAt: endedAt)
        }
        page.add([
            job(.backup, .running), job(.backup, .running), job(.verify, .failed, endedAt: now),
            job(.verify, .failed, endedAt: now.advanced(by: .seconds(-60))),
        ])
        return page
    }

    @Test(arguments: ["prometheus-alerts.yaml", "grafana-dashboard.json"])
    func everyMetricTheyNameExists(file: String) throws {
        let names = try page().names
        let named = Set(try read(file).matches(of: /holdfast_[a-z_]+/).map { String($0.output) })
        #expect(named.count > 5)
        #expect(named.subtracting(names) == [])
    }

    /// And none is forgotten.
    @Test func theDashboardShowsEverything() throws {
        let text = try read("grafana-dashboard.json")
        _ = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let shown = text + (try read("prometheus-alerts.yaml"))
        for name in try page().names { #expect(shown.contains(name), "\(name)") }
    }

    /// What is open is counted; of what ended it is said when.
    @Test func jobsAreOpenOrEnded() throws {
        let text = try page().text
        #expect(text.contains(#"holdfast_jobs{kind="backup",status="running"} 2"#))
        #expect(!text.contains(#"holdfast_jobs{kind="verify""#))
        #expect(text.contains(#"holdfast_job_last_end_seconds{kind="verify",status="failed"} 1790000000.25"#))
        #expect(text.contains(#"holdfast_backup_copies{project="shop",environment="live"} 1"#))
        #expect(text.contains("holdfast_retention_paused 0"))
    }

    /// As Prometheus reads it: each family told once, and each sample under its own.
    @Test func thePageIsWellFormed() throws {
        var family = ""
        var seen: Set<String> = []
        for line in try page().text.split(separator: "\n") {
            if line.hasPrefix("# HELP ") {
                family = String(line.split(separator: " ")[2])
                #expect(seen.insert(family).inserted)
            } else if !line.hasPrefix("#") {
                #expect(line.wholeMatch(of: /([a-z_]+)(\{([a-z]+="[a-z0-9-]+",?)+\})? -?[0-9.]+/)?.1 ?? "" == family)
            }
        }
        #expect(seen == (try page().names))
    }
}
