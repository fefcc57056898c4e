import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastWeb

/// When a page says that a backup is overdue.
struct HealthTests {
    private static let both = [ServiceReference(.database), ServiceReference(.media)]
    private static let now = SampleSource.now

    /// Of a daily backup of database and media.
    private func health(
        scheduledHoursAgo: Int, _ trigger: Backup.Trigger, _ services: [ServiceReference], hoursAgo: Int
    ) throws -> String {
        func ago(_ hours: Int) -> Timestamp { Self.now.advanced(by: .seconds(-hours * 3600)) }
        let live = try EnvironmentReference("shop/live")
        let id = try #require(BackupID("01aaaaaaaaaa"))
        var backup = Backup(
            id: id, project: try #require(ProjectID("01aaaaaaaaaa")), environment: live,
            job: try #require(JobID("01aaaaaaaaaa")), trigger: trigger, services: services, note: nil, author: "x",
            createdAt: ago(hoursAgo))
        backup.state = .complete
        let schedule = Schedule(
            environment: live, project: backup.project, author: "x", createdAt: ago(9999), timing: .preset(.daily),
            zone: "UTC", jitterSeconds: 0)
        let last = ScheduleDetail.Last(
            backup: id, dueAt: ago(scheduledHoursAgo), startedAt: ago(scheduledHoursAgo), state: .complete,
            failure: nil)
        let detail = ScheduleDetail(
            schedule, label: nil, nextRuns: try schedule.runs(after: Self.now, in: .utc, count: 2), last: last)
        let environment = EnvironmentDetail(
            environment: live, node: nil, undoWindowSeconds: 0,
            services: Self.both.map { ServiceDetail(service: $0, location: "x") }, lastBackup: backup, schedule: detail)
        return Health(of: environment, at: Self.now).badge.text
    }

    @Test func whatDoesNotDoForAScheduledBackupHidesNothing() throws {
        #expect(try health(scheduledHoursAgo: 20, .safety, [Self.both[0]], hoursAgo: 1) == "Good")
        #expect(try health(scheduledHoursAgo: 40, .onDemand, Self.both, hoursAgo: 1) == "Good")
        #expect(try health(scheduledHoursAgo: 40, .onDemand, [Self.both[1]], hoursAgo: 1) == "Overdue")
        #expect(try health(scheduledHoursAgo: 40, .safety, Self.both, hoursAgo: 1) == "Overdue")
        #expect(try health(scheduledHoursAgo: 40, .onDemand, Self.both, hoursAgo: 39) == "Overdue")
    }
}
